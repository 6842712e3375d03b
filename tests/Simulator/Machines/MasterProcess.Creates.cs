using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Creates and re-attaches, by the product's <see cref="CreateFlow"/>.</content>
internal sealed partial class MasterProcess
{
    internal void Create(
        FollowerProcess caller, ServerDescription description, ToldConnection connection, IReadOnlyList<ulong> abandoned,
        Action<GrantedSession?, SessionException?> reply) =>
        Begin(new Asked(caller, new CreateFlow(description, connection, abandoned), abandoned, World.Agenda.NowNs, reply));

    internal void Reattach(
        FollowerProcess caller, string identity, ulong sessionId, UInt128 secret, ToldConnection connection,
        Action<GrantedSession?, SessionException?> reply) =>
        Begin(new Asked(caller, new CreateFlow(sessionId, identity, secret, connection), [], World.Agenda.NowNs, reply));

    /// <summary>The caller's time-out comes with its call, so a master knows when nobody waits any more.</summary>
    private void Begin(Asked asked)
    {
        if (Leads)
        {
            asked.Caller.LeaderHears();
        }

        AfterLocal(SimFollower.AttemptNs, asked.IsNotAwaited);
        Go(asked);
    }

    private void Go(Asked asked)
    {
        CreateFlow flow = asked.Flow;
        switch (flow.Step)
        {
            case CreateStep.CheckLeader:
                CallHook(asked, nameof(CreateStep.CheckLeader), AskHostNow, flow.Goes);
                break;
            case CreateStep.Look:
                if (RequireLeading(asked))
                {
                    asked.Leadership!.Path.TryLook(NowNs, _ => true, Look, out _);
                    Go(asked);
                }

                break;
            case CreateStep.Find:
                Write(asked, flow.Find, found => Promised(asked, found, flow.Found));
                break;
            case CreateStep.Initialize:
                if (!asked.Leadership!.Path.IsOver)
                {
                    World.Witness.SuccessorPosted(flow.Identity, asked.Leadership.Number);
                }

                CallHook(
                    asked, nameof(CreateStep.Initialize), () => MayRefuse(nameof(CreateStep.Initialize)),
                    () => flow.Amended(new SessionAmendment { TermMs = flow.Description.TermMs }));
                break;
            case CreateStep.Store:
                if (RequireLeading(asked))
                {
                    Write(asked, flow.Store, stored => Promised(asked, stored, flow.Stored!));
                }

                break;
            case CreateStep.Grant:
                CallHook(asked, nameof(CreateStep.Grant), () => AskHost(asked), flow.Granted);
                break;
            case CreateStep.Close:
                World.Witness.MayEnd(flow.Answer!.Key.Epoch);
                Write(asked, (table, _) => Ended(() => table.Close(flow.Answer.Key)), _ => flow.Goes());
                break;
            case CreateStep.Revoke:
                World.Witness.MayEnd(flow.Answer!.Key.Epoch);
                Write(asked, (table, _) => Ended(() => table.Revoke(flow.Answer.Key.SessionId, flow.Answer.Key.Epoch)), _ => flow.Goes());
                break;
            case CreateStep.Answer:
                World.Witness.CreateAnswered(Host, asked.Leadership!.HookNumber, flow.Answer!.Key.Epoch);
                goto default;
            default:
                Reply(asked.Caller, () => asked.Reply(
                    flow.Step == CreateStep.Answer ? Granted(flow.Answer!) : null, flow.Refusal));
                break;
        }

        bool Look(SessionTable table)
        {
            flow.Look(table, NowNs);
            return true;
        }
    }

    /// <summary>It is durable: promised from here on, whenever its holder hears of it.</summary>
    private void Promised(Asked asked, GrantedAnswer? granted, Action<GrantedAnswer?> goes)
    {
        if (granted != null)
        {
            World.Witness.Renewed(granted.Key, granted.MasterEpoch, asked.ReceivedTrueNs, granted.TermMs);
        }

        goes(granted);
    }

    private bool RequireLeading(Asked asked)
    {
        if (Leads)
        {
            asked.Leadership = _leadership;
            return true;
        }

        asked.Flow.Fails(DoesNotLead());
        Go(asked);
        return false;
    }

    private Action<SessionException?> Then(Asked asked, Action goes) => failure =>
    {
        asked.Drop = null;
        if (failure == null)
        {
            goes();
        }
        else
        {
            asked.Flow.Fails(failure);
        }

        Go(asked);
    };

    private void AskHost(Asked asked)
    {
        CreateFlow flow = asked.Flow;
        if (!flow.MustAskHost)
        {
            return;
        }

        try
        {
            // One that it may have granted under an earlier leadership it refuses more often: there somebody may hold what it refuses.
            MayRefuse(nameof(CreateStep.Grant), flow.Session!.IsUntold ? RefusedPerMille : RefusedLaterPerMille);
            flow.HostGrants(flow.NewGrant());
        }
        catch (Exception thrown) when (thrown is SessionException or HostFault)
        {
            World.Witness.HostRefuses(Host, asked.Leadership!.HookNumber, flow.Session!.Key.Epoch);
            flow.HostRefuses(HookWays.RefusalOf(nameof(CreateStep.Grant), thrown));
        }
    }

    private void Write(Asked asked, Func<SessionTable, long, GrantedAnswer?> decide, Action<GrantedAnswer?> done)
    {
        bool isAwaited = !asked.Flow.IsUnawaited;
        Write(
            asked.Leadership!, table => Decide(table), (answer, failure) => Then(asked, () => done((GrantedAnswer?)answer))(failure),
            drop: isAwaited ? drop => asked.Drop = drop : null);

        GrantedAnswer? Decide(SessionTable table)
        {
            if (isAwaited && asked.IsGone)
            {
                throw SessionException.NotAwaited();
            }

            try
            {
                return decide(table, NowNs);
            }
            catch (SessionException refusal) when (refusal.Status == SessionStatus.IdentityInUse)
            {
                World.Witness.RefusesIdentity(table, asked.Flow.Identity, asked.Abandoned);
                throw;
            }
        }
    }

    private static GrantedAnswer? Ended(Action end)
    {
        end();
        return null;
    }

    private static GrantedSession Granted(GrantedAnswer answer) => new()
    {
        Key = answer.Key,
        MasterEpoch = answer.MasterEpoch,
        LongestTermMs = answer.LongestTermMs,
        ClockRateBoundPpm = answer.ClockRateBoundPpm,
        TermMs = answer.TermMs,
        RenewalIntervalMs = answer.RenewalIntervalMs,
        RenewalPhaseMs = answer.RenewalPhaseMs,
    };

    /// <summary>One call in progress.</summary>
    private sealed class Asked(
        FollowerProcess caller, CreateFlow flow, IReadOnlyList<ulong> abandoned, long receivedTrueNs,
        Action<GrantedSession?, SessionException?> reply)
    {
        internal FollowerProcess Caller => caller;

        internal CreateFlow Flow => flow;

        internal IReadOnlyList<ulong> Abandoned => abandoned;

        internal long ReceivedTrueNs => receivedTrueNs;

        internal Action<GrantedSession?, SessionException?> Reply => reply;

        /// <summary>The one in which it goes on.</summary>
        internal Leadership? Leadership { get; set; }

        /// <summary>Takes what waits for it out of its queue; null: nothing does.</summary>
        internal Action? Drop { get; set; }

        internal bool IsGone { get; private set; }

        internal void IsNotAwaited()
        {
            IsGone = true;
            Drop?.Invoke();
        }
    }
}
