using System;
using System.Linq;
using System.Net;
using Interop.Sessions.Follower;
using Interop.Sessions.Fuzz.Engine;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>Which master is next, when masters fail, answer and lie: what is configured is never forgotten, and comes in its turn.</summary>
internal static class MastersTarget
{
    internal static FuzzTarget Target { get; } = new("masters", Run) { MostBytes = 600 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        string[] configured = Configuration(input);
        Endpoints endpoints = new(configured);
        KnownAddresses known = new();
        long nowNs = Ns.PerSecond;
        int failures = 0;
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            string address = input.Byte() < 200 ? endpoints.Current : Master(input);
            string? hint = input.Below(3) switch { 0 => null, 1 => Master(input), _ => input.Text() };
            bool wasConfigured = endpoints.IsConfigured(endpoints.Current);
            failures++;
            switch (input.Below(9))
            {
                case 0:
                    endpoints.Failed(address, nowNs);
                    break;
                case 1:
                    endpoints.DoesNotLead(address, hint, nowNs);
                    break;
                case 2:
                    endpoints.Answered(address);
                    break;
                case 3:
                    endpoints.Renewed(address, nowNs + input.PassingNs());
                    break;
                case 4:
                    endpoints.CallFailed(address, (SessionStatus)input.Of(103, 102, 101, 107, 300), input.Flag(), hint, nowNs);
                    break;
                case 5:
                    endpoints.RenewalsFailed(address, (SessionStatus)input.Of(103, 102), hint, nowNs);
                    break;
                case 6:
                    configured = Configuration(input);
                    endpoints.Configure(configured);
                    break;
                default:
                    Resolve(known, input);
                    break;
            }

            Expect.That(EndpointAddress.IsValid(endpoints.Current), $"'{endpoints.Current}' is dialled");
            Expect.That(configured.All(endpoints.IsConfigured), "what is configured is forgotten");
            Expect.That(!endpoints.MayBeForgotten(endpoints.Current, nowNs), "the master in use may be forgotten");
        }

        Expect.That(endpoints.Failovers <= failures && endpoints.Redirects <= failures, "more is counted than has happened");
        AllComeInTheirTurn(endpoints, configured, nowNs);
    }

    // Whatever was said before, and whatever they point at: nobody is left out.
    private static void AllComeInTheirTurn(Endpoints endpoints, string[] configured, long nowNs)
    {
        string[] left = [.. configured.Distinct()];
        for (int i = 0; i < (3 * Limits.MaxHintsInARow) + (2 * configured.Length) && left.Length > 0; i++)
        {
            left = [.. left.Where(address => address != endpoints.Current)];
            endpoints.Failed(endpoints.Current, nowNs);
        }

        Expect.That(left.Length == 0, $"{string.Join(", ", left)} is never tried");
    }

    private static string[] Configuration(ByteInput input) => [.. Enumerable.Range(0, 1 + input.Below(4)).Select(_ => Master(input))];

    private static string Master(ByteInput input) => $"master-{input.Below(5)}:80";

    private static void Resolve(KnownAddresses known, ByteInput input)
    {
        IPAddress address = new([10, 0, 0, (byte)input.Below(4)]);
        switch (input.Below(4))
        {
            case 0:
                known.Connected(address);
                break;
            case 1:
                known.Answered();
                break;
            case 2:
                known.Failed();
                break;
            default:
                known.Failed(address);
                break;
        }

        IPAddress[] resolved = [.. Enumerable.Range(0, input.Below(3)).Select(i => new IPAddress([10, 0, 0, (byte)i]))];
        IPAddress[] order = [.. known.InOrder(resolved)];
        Expect.That(resolved.All(order.Contains), "an address is left out");
        Expect.Same(order.Length, order.Distinct().Count(), "addresses that are dialled");
    }
}
