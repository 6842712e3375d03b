using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Creates, re-attaches and closes: what SessionClient does with sockets.</content>
internal sealed partial class SimFollower
{
    internal const long AttemptNs = 300 * World.Ms;

    private AbandonedCreates _abandoned = new();
    private int _attempt;
    private bool _isAnswered;

    /// <summary>The host closes: it stops first, and only then the master hears of it.</summary>
    internal void Close()
    {
        if (_lease is { State: not SessionState.Lost })
        {
            _lease.End(SessionEndReason.Closed);
            Publish();
        }
    }

    private void CreateLater(long delayNs)
    {
        int attempt = ++_attempt;
        AfterLocal(delayNs, () =>
        {
            if (attempt == _attempt)
            {
                Attempt(random.Next(), former: null);
            }
        });
    }

    private void Reattach()
    {
        ++_attempt;
        Attempt(random.Next(), (disk.SessionId, disk.Secret));
    }

    /// <summary>The same nonce until an answer comes: a master that has answered before knows it again.</summary>
    private void Attempt(ulong nonce, (ulong SessionId, UInt128 Secret)? former)
    {
        int attempt = ++_attempt;
        _isAnswered = false;
        long sentNs = NowNs;
        MasterProcess master = process.Master;
        ServerDescription description = new()
        {
            Identity = Identity,
            TermMs = (uint)random.OneOf(0, 1000, 2500),
        };
        IReadOnlyList<ulong> abandoned = _abandoned.Of(Identity, sentNs);
        World.Network.Send(process, master, () =>
        {
            if (former is { } known)
            {
                master.Reattach(process, Identity, known.SessionId, known.Secret, nonce, Answer);
            }
            else
            {
                master.Create(process, description, nonce, abandoned, Answer);
            }
        });
        AfterLocal(AttemptNs, () =>
        {
            if (attempt == _attempt)
            {
                if (!_isAnswered)
                {
                    process.NoteSilence(master);
                }

                if (former == null && random.Chance(100))
                {
                    // The host's call has timed out, and it makes another.
                    Abandon(nonce);
                    Attempt(random.Next(), former);
                }
                else
                {
                    Attempt(nonce, former);
                }
            }
        });

        void Answer(GrantedSession? granted, SessionStatus status) =>
            Granted(attempt, master, former != null, granted, status, sentNs);
    }

    /// <summary>Nobody of this process holds what the nonce made, nor ever will.</summary>
    private void Abandon(ulong nonce)
    {
        World.Witness.Abandoned(nonce);
        _abandoned.Add(Identity, nonce, NowNs);
    }

    private void Granted(int attempt, MasterProcess master, bool isReattach, GrantedSession? granted, SessionStatus status, long sentNs)
    {
        if (attempt != _attempt)
        {
            return;
        }

        _isAnswered = true;
        process.NoteAnswer(master, status);
        World.Note($"{Name}: asked for a session, answered {status} {granted?.Key.Epoch}");
        if (granted != null)
        {
            // An answer that took longer than the lease is none; the next attempt asks again.
            HolderBounds bounds = World.Conditions.Bounds;
            if (NowNs < LeaseArithmetic.HolderDeadlineNs(
                sentNs, granted.TermMs, bounds.ClockRateBoundPpm, bounds.EffectDelayMs))
            {
                _attempt++;
                Hold(granted, sentNs);
            }
        }
        else if (isReattach && IsEnd(status))
        {
            disk.SessionId = 0;
            CreateLater(random.Between(0, 300) * World.Ms);
        }
    }

    private static bool IsEnd(SessionStatus status) => status is
        SessionStatus.UnknownSession or SessionStatus.SessionExpired or SessionStatus.SessionRevoked or
        SessionStatus.SessionClosed or SessionStatus.WrongSecret;

    private void GiveBack(SessionKey key, int attempts = 3)
    {
        bool isTold = false;
        MasterProcess master = process.Master;
        World.Witness.MayEnd(key.Epoch);
        World.Network.Send(process, master, () => master.Close(process, key, status => isTold = status == SessionStatus.Ok));
        if (attempts > 1)
        {
            AfterLocal(AttemptNs, () =>
            {
                if (!isTold)
                {
                    process.NoteSilence(master);
                    GiveBack(key, attempts - 1);
                }
            });
        }
    }
}
