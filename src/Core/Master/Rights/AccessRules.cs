using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Who may do what. What no rule gives is denied, and the order of rules says nothing. An identity belongs to the names that rules
/// give it to, whether or not anybody holds it: where its holder is dead, no other name may take it.
/// </summary>
/// <param name="rules">What is given.</param>
/// <param name="quotas">How much there may be of it.</param>
/// <param name="rates">How often it may be asked for.</param>
public sealed class AccessRules(IReadOnlyList<AccessRule> rules, StockQuota[] quotas, IReadOnlyList<CallRate> rates)
{
    /// <summary>How much there may be.</summary>
    public StockQuota[] Quotas => quotas;

    /// <summary>How often callers may ask.</summary>
    public IReadOnlyList<CallRate> Rates => rates;

    /// <summary>How many there are.</summary>
    public int Count => rules.Count;

    /// <summary>Decides.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="right">For what.</param>
    /// <param name="identity">Of which identity; null: of any at all.</param>
    /// <returns>Why not; null: it may.</returns>
    public AccessDenial? DenialOf(Caller caller, Right right, string? identity)
    {
        AccessRule? nearest = null;
        foreach (AccessRule rule in rules)
        {
            if (!rule.Names.Matches(caller) || !rule.Right.Implies(right))
            {
                continue;
            }

            if (identity == null ? rule.Prefix.CoversAny(caller.Name) : rule.Prefix.Covers(identity, caller.Name))
            {
                return null;
            }

            nearest ??= rule;
        }

        return caller.Name == null ? Nameless(right, identity) : Denied(caller, right, identity, nearest);
    }

    private static AccessDenial Nameless(Right right, string? identity) => new(
        SessionStatus.Unauthenticated, AccessDenial.NoRule,
        $"the caller has shown no name, by a certificate or a token, and no rule lets a caller without one {right.Say(identity)}");

    private static AccessDenial Denied(Caller caller, Right right, string? identity, AccessRule? nearest) => nearest == null
        ? new AccessDenial(
            SessionStatus.PermissionDenied, AccessDenial.NoRule, $"{caller} may not {right.Say(identity)}: no rule gives it that right")
        : new AccessDenial(
            SessionStatus.PermissionDenied, nearest.ToString(),
            $"{caller} may not {right.Say(identity)}: the rule of line {nearest.Line} gives it '{nearest.Prefix.Say(caller.Name)}'");
}
