using System;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>
/// Its host, behind the product's <see cref="HookOrder{T}"/>: most often quick, now and then slow, and it refuses, throws and hangs.
/// </content>
internal sealed partial class MasterProcess
{
    private const int RefusedPerMille = 40;
    private const int RefusedLaterPerMille = 200;

    /// <summary>Of what it refuses: as an error of its own, which it does not mean as a refusal.</summary>
    private const int ThrownPerMille = 250;

    private HookOrder<SimHook> _hooks = new();

    /// <summary>A process that was started again has a host that knows nothing.</summary>
    private string Host => $"{Name}/{Run}";

    /// <summary>Runs a hook in the turn of its identity, then goes on.</summary>
    private void CallHook(Asked asked, string name, Action hook, Action goes)
    {
        Action<SessionException?> then = Then(asked, goes);
        ulong leadership = name == nameof(CreateStep.CheckLeader) ? 0 : asked.Leadership!.HookNumber;
        Hook<SimHook> posted;
        try
        {
            posted = _hooks.PostCall(
                asked.Flow.Identity, name, new SimHook(RunCall, then, leadership), bytes: 0,
                asked.Flow.IsAdmitted, NowNs, leadership);
        }
        catch (SessionException refusal)
        {
            then(refusal);
            return;
        }

        asked.Drop = () =>
        {
            if (_hooks.Drop(posted))
            {
                posted.Work.Fail(SessionException.NotAwaited());
            }
        };
        DispatchHooks();

        void RunCall()
        {
            try
            {
                if (leadership != 0)
                {
                    World.Witness.HookRuns(Host, leadership, name);
                }

                hook();
            }
            catch (Exception thrown) when (thrown is SessionException or HostFault)
            {
                then(HookWays.RefusalOf(name, thrown));
                return;
            }

            then(null);
        }
    }

    private void Tell(Leadership leadership, EndedSession end)
    {
        Session session = end.Session;
        World.Witness.EndPosted(session.Key.Epoch);
        if (_hooks.PostEnd(
            session.Description.Identity, "SessionEnded", new SimHook(RunEnd, _ => { }, leadership.HookNumber), leadership.HookNumber) != null)
        {
            World.Witness.EndWaits(Host, leadership.HookNumber, session.Description.Identity);
        }

        DispatchHooks();

        void RunEnd()
        {
            World.Witness.HookRuns(Host, leadership.HookNumber, "SessionEnded");
            CreateFlow.EndIsTold(session);
            World.Note($"{Name}: SessionEnded {session.Description.Identity} epoch {session.Key.Epoch} {end.Reason}");
            World.Witness.SessionEnded(session.Key, end.Reason);
        }
    }

    private void TellBeginning(Leadership leadership)
    {
        ulong number = leadership.HookNumber;
        _hooks.EnterLeadership(
            number, "LeadershipChanged", new SimHook(() => World.Witness.HostLeads(Host, number), _ => { }),
            new SimHook(() => World.Witness.HostLeadsNoMore(Host, number), _ => { }));
        _hooks.BeginLeadership(number);
        DispatchHooks();
    }

    private void TellEnd(Leadership leadership)
    {
        foreach (Hook<SimHook> dropped in _hooks.EndLeadership(leadership.HookNumber))
        {
            dropped.Work.Fail(HookWays.RefusalOfPast());
        }

        DispatchHooks();
    }

    private void DispatchHooks()
    {
        Dispatch(HookWay.Leadership);
        Dispatch(HookWay.End);
        Dispatch(HookWay.Call);
    }

    private void Dispatch(HookWay way)
    {
        while (_hooks.Take(way, NowNs) is { } hook)
        {
            World.Witness.HookBegins(Host, hook.Work.Leadership, hook.Identity, hook.Way);
            string host = Host;
            AfterLocal(HookTakesNs(), () =>
            {
                World.Witness.HookEnds(host, hook.Identity);
                hook.Work.Run();
                _hooks.Done(hook);
                DispatchHooks();
            });
        }
    }

    private long HookTakesNs() => random.Chance(950) ? random.Between(0, 3) * World.Ms
        : random.Chance(800) ? random.Between(3, 400) * World.Ms
        : random.Between(400, 4000) * World.Ms;

    private void MayRefuse(string hook, int perMille = RefusedPerMille)
    {
        if (random.Chance(perMille) && World.HostsMisbehave)
        {
            throw random.Chance(ThrownPerMille) ? new HostFault() : new SessionException(SessionStatus.Refused, $"the host refuses in {hook}");
        }
    }

    /// <summary>What a host throws that means nothing to a master.</summary>
    private sealed class HostFault() : Exception("the host has an error of its own");

    /// <summary>What a thread of the host would run.</summary>
    private sealed record SimHook(Action Run, Action<SessionException> Fail, ulong Leadership = 0);
}
