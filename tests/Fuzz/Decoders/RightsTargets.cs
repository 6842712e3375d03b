using System;
using System.Linq;
using System.Text;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>Who asks and what he may: files of rules and tokens, the names in a certificate, the header with a token.</summary>
internal static class RightsTargets
{
    private static readonly string[] s_identities = ["cs/1", "cs/1/a", "cs/10", "cs/", "cs", "meta", "a", "", "cs/{name}", "*"];

    internal static FuzzTarget Rules { get; } = new("rules", RunRules)
    {
        MostBytes = 600,
        Words =
        [
            "allow ", "hold ", "serve ", "read ", "assign", "administer", "quota ", "rate ", "sessions=", "item_bytes=", "creates=", "lists=",
            "calls=", "cs/{name}", "{name}", "*", "-", "cs/", "\n", "uid:0", "1", "18446744073709551615",
        ],
    };

    internal static FuzzTarget Tokens { get; } = new("tokens", RunTokens)
    {
        MostBytes = 600,
        Words = [new string('a', 64), new string('0', 64), "cs1 ", "\n", "uid:0 ", "- "],
    };

    internal static FuzzTarget Certificates { get; } = new("certificate", RunCertificate)
    {
        MostBytes = 200,
        // A sequence, a DNS name, a URI, a directory name, an indefinite length, a long one.
        Words = ["\u0030\u000d\u0082\u000bcs1.example", "\u0086\u0015spiffe://cluster/cs-1", "\u0030\u0080", "\u0082\u0001*", "uid:0"],
    };

    private static void RunRules(byte[] input)
    {
        if (Parsed(() => AccessRulesText.Parse(Encoding.UTF8.GetString(input), "rules")) is not { } rules)
        {
            return;
        }

        CallRates rates = new(rules.Rates);
        foreach (Caller caller in (Caller[])[Caller.Nameless, Caller.OfUser(0), Named("1"), Named("cs1"), Named("a/b"), Named("spiffe://c/1")])
        {
            foreach (Right right in Enum.GetValues<Right>())
            {
                bool isAllowedSome = s_identities.Any(identity => IsAllowed(rules, caller, right, identity));
                Expect.That(!isAllowedSome || IsAllowed(rules, caller, right, null), $"{caller} may {right} of something, and of nothing");
            }

            foreach (string identity in s_identities)
            {
                Expect.That(
                    !IsAllowed(rules, caller, Right.Serve, identity) || IsAllowed(rules, caller, Right.Hold, identity),
                    "whoever serves does not hold");
                Expect.That(
                    !IsAllowed(rules, caller, Right.Hold, identity) || IsAllowed(rules, caller, Right.Read, identity),
                    "whoever holds does not read");
            }

            SessionException? refusal = rates.Begin(caller, CallClass.Create, Ns.PerSecond);
            Expect.That(
                refusal is null or { Status: SessionStatus.Overloaded, RetryAfterMs: > 0 and <= 1000 }, $"a rate refuses with {refusal}");
        }

        foreach (StockQuota quota in rules.Quotas)
        {
            Expect.That(s_identities.All(identity => quota.GroupOf(identity) is not { Length: 0 }), "a quota counts a group without a name");
        }
    }

    private static void RunTokens(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (Parsed(() => TokenNames.Parse(text, "tokens")) is not { } names)
        {
            return;
        }

        // Nobody has found what has one of these hashes.
        Expect.That(names.NameOf(text) == null && names.NameOf(new string('x', Limits.MinTokenLength)) == null, "a token that nobody has is known");
    }

    private static void RunCertificate(byte[] input)
    {
        if (SubjectNames.NameIn(input) is not { } name)
        {
            return;
        }

        if (Parsed(() => Caller.Named(name, CallerProof.Certificate), SessionStatus.Unauthenticated) is { } caller)
        {
            Expect.That(
                caller.Name == name && Printable.Is(name) && !name.StartsWith("uid:", StringComparison.Ordinal), $"a certificate has the name '{name}'");
        }
    }

    private static bool IsAllowed(AccessRules rules, Caller caller, Right right, string? identity) => rules.DenialOf(caller, right, identity) == null;

    private static Caller Named(string name) => Caller.Named(name, CallerProof.Token);

    private static T? Parsed<T>(Func<T> parse, SessionStatus refused = SessionStatus.InvalidArgument)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (SessionException refusal) when (refusal.Status == refused)
        {
            return null;
        }
    }
}
