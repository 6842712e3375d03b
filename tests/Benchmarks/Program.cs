using System.CommandLine;
using Interop.Sessions.Benchmarks.Overload;

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
        Option<int> dials = new("--dials")
        {
            Description = "Connections that are dialled, one after the other.",
            DefaultValueFactory = _ => 200,
        };
        Option<int> renewals = new("--renewals")
        {
            Description = "Renewals over one stream, one after the other.",
            DefaultValueFactory = _ => 5_000,
        };
        Command tls = new("tls", "What do a dial and a renewal cost with TLS, against without?")
        {
            dials, renewals,
        };
        tls.SetAction(parsed => TlsCost.Run(parsed.GetValue(dials), parsed.GetValue(renewals)));
        return new RootCommand("Benchmarks of Interop.Sessions.") { massExpiry, takeOver, tls, Overload() }
            .Parse(arguments).Invoke();
    }

    private static Command Overload()
    {
        Option<int> live = new("--live") { Description = "Followers that only renew.", DefaultValueFactory = _ => 100 };
        Option<int> times = new("--times")
        {
            Description = "How many times as much as the master can do is asked for.",
            DefaultValueFactory = _ => 5,
        };
        Option<int> seconds = new("--seconds") { Description = "How long each load lasts.", DefaultValueFactory = _ => 20 };
        Command overload = new(
            "overload", "What becomes of live sessions when a master is asked for several times what it can do? Exits with 1 if one is lost.")
        {
            live, times, seconds,
        };
        overload.SetAction(
            parsed => new OverloadRun(parsed.GetValue(live), parsed.GetValue(times), parsed.GetValue(seconds)).Run());
        return overload;
    }
}
