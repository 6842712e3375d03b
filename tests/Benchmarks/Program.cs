using System.CommandLine;

namespace Interop.Sessions.Benchmarks;

/// <summary>Measures; asserts nothing. Ratios are against a peer in the same run.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Option<int> dead = new("--dead")
        {
            Description = "Sessions whose holders are gone, all at once.",
            DefaultValueFactory = _ => 1_000_000,
        };
        Option<int> alive = new("--alive")
        {
            Description = "Sessions that are renewed all the while.",
            DefaultValueFactory = _ => 1_000,
        };
        Command massExpiry = new(
            "mass-expiry", "How long do renewals take while very many sessions expire at once, against none expiring?")
        {
            dead, alive,
        };
        massExpiry.SetAction(parsed => MassExpiry.Run(parsed.GetValue(dead), parsed.GetValue(alive)));
        Option<int> sessions = new("--sessions")
        {
            Description = "Sessions that are loaded.",
            DefaultValueFactory = _ => 100_000,
        };
        Command takeOver = new(
            "take-over", "How long from one leadership on etcd to the next, against a restart on SQLite? Needs etcd.")
        {
            sessions,
        };
        takeOver.SetAction(parsed => TakeOver.Run(parsed.GetValue(sessions)));
        return new RootCommand("Benchmarks of Interop.Sessions.") { massExpiry, takeOver }.Parse(arguments).Invoke();
    }
}
