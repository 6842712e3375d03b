using CsCheck;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Rights;

/// <summary>What holds of all rules and names.</summary>
public sealed class AccessRulesPropertyTests
{
    private static readonly Gen<string> s_name = Gen.String[Gen.Char["ab/1-."], 1, 6].Where(Caller.IsName);
    private static readonly Gen<string> s_prefix = Gen.String[Gen.Char["ab/{}*"], 0, 5]
        .SelectMany(before => Gen.String[Gen.Char["ab/*"], 0, 3].Select(behind => $"{before}{{name}}{behind}"))
        .Where(text => IdentityPrefix.TryParse(text, out _) != null);

    /// <summary>One rule with the caller's own name serves all callers, and gives no identity to two of them.</summary>
    [Fact]
    public void No_identity_is_that_of_two_names() => Gen.Select(s_prefix, s_name, s_name, Gen.String[Gen.Char["ab/1"], 0, 4])
        .Sample((text, one, other, more) =>
        {
            IdentityPrefix prefix = IdentityPrefix.TryParse(text, out _)!;
            string own = prefix.Say(one).TrimEnd('*');
            foreach (string identity in (string[])[own, own + more, $"{own}/{more}"])
            {
                bool isOfBoth = one != other && prefix.Covers(identity, one) && prefix.Covers(identity, other);
                Assert.False(isOfBoth, $"{text}: {identity} of {one} and {other}");
            }
        }, iter: 20_000);

    /// <summary>What a rule gives to hold, and no more, is given by it to read.</summary>
    [Fact]
    public void A_holder_reads_what_it_may_hold() => Gen.Select(s_prefix, s_name, s_name, Gen.String[Gen.Char["ab/1"], 1, 8])
        .Sample((text, pattern, name, identity) =>
        {
            AccessRules rules = AccessRulesText.Parse($"allow {pattern} hold {text}", "rules");
            Caller caller = Caller.Named(name, CallerProof.Token);
            Assert.Equal(rules.DenialOf(caller, Right.Hold, identity) == null, rules.DenialOf(caller, Right.Read, identity) == null);
            Assert.NotNull(rules.DenialOf(caller, Right.Administer, identity));
        }, iter: 5_000);

    /// <summary>A file of whatever content is rules, or is refused by name.</summary>
    [Fact]
    public void Whatever_a_file_contains_is_read_or_refused() => Gen.String[Gen.Char["alow -#*{}nmehdr/\n\t\r"], 0, 60]
        .Select(Gen.Bool, (text, isRule) => isRule ? $"allow a hold {text}" : text)
        .Sample(text =>
        {
            try
            {
                Assert.True(AccessRulesText.Parse(text, "the file").Count > 0);
            }
            catch (SessionException refusal)
            {
                Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
                Assert.StartsWith("the file", refusal.Message, System.StringComparison.Ordinal);
            }
        }, iter: 20_000);
}
