using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Attempts and closes on their way: what SessionClient does with sockets.</content>
internal sealed partial class SimFollower
{
    internal const long AttemptNs = 300 * World.Ms;

    private AbandonedCreates _abandoned = new();

    private static SessionException Silence() => new(SessionStatus.TimedOut, "no answer in time") { IsOutcomeUnknown = true };

    private void Ask(SimWish wish)
    {
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
        World.Network.Send(_process, master, () =>
        {
            if (wish.Former is { } former)
            {
                master.Reattach(_process, Identity, former.SessionId, former.Secret, wish.Nonce, Answer);
            }
            else
            {
                master.Create(_process, wish.Description!, wish.Nonce, abandoned, Answer);
            }
        });
        AtLocal(Math.Min(ask.AttemptEndNs(sentNs), sentNs + AttemptNs), () => Failed(wish, attempt, master, Silence()));

        void Answer(GrantedSession? granted, SessionException? refusal) => _process.WhenCollected(() =>
        {
            if (granted == null)
            {
                Failed(wish, attempt, master, refusal!);
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
        if (wish.Ask!.Judge(granted.TermMs, sentNs, NowNs) is { } tooLate)
        {
            Failed(wish, attempt, master, tooLate);
            return;
        }

        wish.Attempt++;
        wish.IsOver = true;
        World.Note($"{Name}: granted {granted.Key.Epoch}");
        Do(life => life.Granted(wish, granted, sentNs, NowNs));
    }

    private void Failed(SimWish wish, int attempt, MasterProcess master, SessionException failure)
    {
        if (attempt != wish.Attempt || wish.IsOver || wish.Asker != _life)
        {
            return;
        }

        wish.Attempt++;
        SessionAsk ask = wish.Ask!;
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

    private void GiveBack(SessionKey key, Action done, int attempts = 3)
    {
        bool isTold = false;
        MasterProcess master = _process.Master;
        World.Witness.GivesBack(this, key);
        World.Network.Send(_process, master, () => master.Close(_process, key, status =>
        {
            if (status == SessionStatus.Ok && !isTold)
            {
                isTold = true;
                done();
            }
        }));
        AfterLocal(AttemptNs, () =>
        {
            if (isTold)
            {
                return;
            }

            isTold = true;
            _process.NoteFailure(master, Silence());
            if (attempts > 1)
            {
                GiveBack(key, done, attempts - 1);
            }
            else
            {
                // It ends with its term.
                done();
            }
        });
    }
}
