using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Attempts and closes on their way: what SessionClient does with sockets.</content>
internal sealed partial class SimFollower
{
    internal const long AttemptNs = 300 * World.Ms;

    /// <summary>Of attempts: as if one before had gone to another master, and came there late.</summary>
    private const int LateCopyPerMille = 60;

    private AbandonedCreates _abandoned = new();
    private SimWish? _asked;

    /// <summary>The time of an attempt is over: what gRPC says of that.</summary>
    private static SessionException Silence() => new(SessionStatus.TimedOut, "") { IsOutcomeUnknown = true };

    private void Ask(SimWish wish)
    {
        _asked = wish;
        wish.Asker = _life;
        wish.Ask = new SessionAsk(wish, World.Conditions.Bounds, NowNs);
        Attempt(wish);
    }

    private void StopAsking(SimWish wish) => AfterLocal(
        _random.Chance(500) ? 0 : _random.Between(0, 50 * World.Ms), () => Fail(wish, SessionException.CancelledCall(wish.Ask!.MayBeDone)));

    private void Attempt(SimWish wish)
    {
        if (wish.IsOver)
        {
            return;
        }

        SessionAsk ask = wish.Ask!;
        int attempt = ++wish.Attempt;
        long sentNs = NowNs;
        MasterProcess master = ask.StayAt is { } name ? _process.MasterOf(name) : _process.Master;
        IReadOnlyList<ulong> abandoned = _abandoned.Of(Identity, sentNs);
        World.Witness.Names(abandoned);
        World.Network.Send(_process, master, () => Arrive(master));
        if (World.HostsMisbehave && _random.Chance(LateCopyPerMille))
        {
            MasterProcess other = World.Masters[_random.Below(World.Masters.Count)];
            World.Network.SendLate(_process, other, _random.Between(500, 6000) * World.Ms, () => Arrive(other));
        }

        AtLocal(
            Math.Min(ask.AttemptEndNs(sentNs), sentNs + AttemptNs),
            () => Failed(wish, attempt, master, Silence(), sentNs));

        void Arrive(MasterProcess at)
        {
            if (wish.Former is { } former)
            {
                at.Reattach(_process, Identity, former.SessionId, former.Secret, wish.Connection.Told, Answer);
            }
            else
            {
                at.Create(_process, wish.Description!, wish.Connection.Told, abandoned, Answer);
            }
        }

        void Answer(GrantedSession? granted, SessionException? refusal) => _process.WhenCollected(() =>
        {
            if (granted == null)
            {
                Failed(wish, attempt, master, refusal!, sentNs);
            }
            else
            {
                Granted(wish, attempt, master, granted, sentNs);
            }
        });
    }

    private void Granted(SimWish wish, int attempt, MasterProcess master, GrantedSession granted, long sentNs)
    {
        if (attempt != wish.Attempt || wish.Asker != _life)
        {
            return;
        }

        if (wish.IsOver)
        {
            // Cancelled under way: nobody holds it.
            wish.Attempt++;
            GiveBack(granted.Key, () => { });
            return;
        }

        _process.NoteAnswer(master);
        if (wish.Ask!.Judge(granted, sentNs, NowNs) is { } tooLate)
        {
            Failed(wish, attempt, master, tooLate, sentNs);
            return;
        }

        wish.Attempt++;
        wish.IsOver = true;
        World.Note($"{Name}: granted {granted.Key.Epoch}");
        Do(life => life.Granted(wish, granted, sentNs, NowNs));
    }

    private void Failed(SimWish wish, int attempt, MasterProcess master, SessionException came, long sentNs)
    {
        if (attempt != wish.Attempt || wish.IsOver || wish.Asker != _life)
        {
            return;
        }

        wish.Attempt++;
        SessionAsk ask = wish.Ask!;
        SessionException failure = ask.Explain(came, new EndedAttempt(master.Name, sentNs, NowNs));
        NextMaster next = ask.IsCutShort(failure) ? default : _process.NoteFailure(master, SessionAsk.SeenAs(failure));
        Repeat repeat = ask.Failed(failure, master.Name, next, NowNs, Random01);
        if (ask.End is { } end)
        {
            Fail(wish, end);
        }
        else
        {
            AfterLocal(repeat.PauseMs * World.Ms, () => Attempt(wish));
        }
    }

    private void Fail(SimWish wish, SessionException failure)
    {
        if (!wish.IsOver)
        {
            wish.IsOver = true;
            Do(life => life.Failed(wish, failure, NowNs));
        }
    }

    /// <summary>Best effort: what the master does not hear of ends with its term.</summary>
    private void GiveBack(SessionKey key, Action done)
    {
        World.Witness.GivesBack(this, key);
        Call<bool>(
            CallKind.Repeatable, Limits.CloseTimeoutMs, (master, reply) => master.Close(_process, key, reply), (_, _) => done());
    }
}
