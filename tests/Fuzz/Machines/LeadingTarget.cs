using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>A leadership that is won, interrupted, given up and lost: nobody expires before all leases have begun again.</summary>
internal static class LeadingTarget
{
    internal static FuzzTarget Target { get; } = new("leading", Run) { MostBytes = 500 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        uint rateBoundPpm = input.Of(0u, 100_000u, 500_000u);
        LeadershipSteps steps = new();
        LeadershipLease lease = new(rateBoundPpm);
        long nowNs = Ns.PerSecond;
        long resignedNs = long.MinValue;
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            if (input.Flag())
            {
                Prolong(lease, input, nowNs);
            }

            LeadershipSight sight = new()
            {
                IsElected = input.Flag(),
                HostLeads = input.Byte() < 200,
                IsHeld = lease.MayAct(nowNs),
                IsStoreSeen = input.Byte() < 200,
                IsOver = input.Byte() > 230,
                Interruptions = lease.Interruptions,
            };
            switch (steps.Next(sight, nowNs))
            {
                case LeadershipStep.Campaign:
                    Expect.That(!steps.Leads && nowNs >= resignedNs, "a master asks for what it has, or has just let go");
                    if (input.Flag())
                    {
                        steps.Began(lease.Interruptions);
                    }

                    break;
                case LeadershipStep.BeginLeasesAnew:
                    Expect.That(!LeadershipSteps.MayExpire(true, sight.Interruptions, steps.InterruptionsSeen), "sessions expire that could not renew");
                    steps.LeasesBegan(sight.Interruptions);
                    break;
                case LeadershipStep.EndLost or LeadershipStep.EndForHost:
                    lease.End();
                    steps.Ended();
                    break;
                case LeadershipStep.None when input.Byte() > 240:
                    steps.Resigned(nowNs);
                    resignedNs = nowNs + Ns.FromMs(Limits.ResignPauseMs);
                    break;
                default:
                    break;
            }

            bool turned = steps.Turns(sight.MayAct);
            Expect.That(!steps.Turns(sight.MayAct), "a turn is told twice");
            Expect.That(!turned || steps.Leads, "a turn of no leadership");
        }
    }

    private static void Prolong(LeadershipLease lease, ByteInput input, long nowNs)
    {
        long beforeNs = lease.DeadlineNs;
        long sentNs = nowNs - System.Math.Min(nowNs, input.PassingNs());
        uint termMs = input.Of(2000u, 3000u, 60_000u, input.Number32());
        int interruptions = lease.Interruptions;
        bool acted = lease.MayAct(nowNs);
        lease.Prolong(sentNs, termMs, nowNs);
        Expect.That(lease.DeadlineNs >= beforeNs && lease.DeadlineNs <= System.Math.Max(beforeNs, sentNs + Ns.FromMs(termMs)), "a lease is longer than granted");
        Expect.That(acted || lease.DeadlineNs == beforeNs || lease.Interruptions == interruptions + 1, "an interruption is not counted");
    }
}
