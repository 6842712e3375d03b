using System;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>
/// The host. It wishes for a session when it has none, unless it leaves that to its follower; takes up the one that its disk
/// knows; and may refuse, throw or block in a callback, want no more what it has just wished for, and close its follower at any time.
/// </content>
internal sealed partial class SimFollower
{
    private RecreatePolicy _policy;

    /// <summary>The follower itself replaces what is lost: the last session was the answer to a create.</summary>
    private bool _isLeftToFollower;
    private bool _isTellingMaster;
    private SimWish? _lastWish;

    /// <summary>Whatever it does just now, the host wants another session, or the one from its disk.</summary>
    internal void WishNow() => _process.WhenCollected(() =>
    {
        if (IsSuperseded || _life.IsClosing)
        {
            return;
        }

        uint timeoutMs = (uint)_random.Between(500, 6000);
        SimWish wish = _disk.HasSession
            ? new SimWish(_disk.SessionId, _disk.Secret, NextConnection(), timeoutMs)
            : new SimWish(
                new ServerDescription
                {
                    Identity = Identity,
                    TermMs = (uint)_random.OneOf(0, 1000, 2500),
                    Endpoints = _random.Chance(800) ? [new Endpoint(AccessPointKind.Nfs, Witness.AddressOf(Identity))] : [],
                },
                NextConnection(), timeoutMs);
        try
        {
            Do(life => life.Begin(wish));
            _lastWish = wish;
            World.Note($"{Name} wishes for a session, by {(wish.Former == null ? "create" : "re-attach")}");
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.SessionExists)
        {
            // The follower was faster, or the session is there.
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.UnknownSession)
        {
            // The follower itself has lost what the disk has.
            _disk.SessionId = 0;
            WishNow();
        }
    });

    /// <summary>The host does not want any more what it last wished for, wherever that is.</summary>
    internal void CancelWish() => _process.WhenCollected(() =>
    {
        if (_lastWish is { } wish && !_life.IsClosing)
        {
            World.Note($"{Name} cancels its wish");
            Do(life => life.GiveUp(wish));
        }
    });

    /// <summary>The host closes the follower, in whichever state; later it makes another.</summary>
    internal void Close() => _process.WhenCollected(() =>
    {
        World.Note($"{Name} closes");
        World.Witness.Closes(_life.State);
        Do(life => life.BeginClose());
    });

    /// <summary>The host vouches for its disks until then; or no longer.</summary>
    internal void SetHealthyUntil(long forNs)
    {
        World.Note($"{Name} is healthy for {forNs / World.Ms} ms");
        ReportHealth((uint)(forNs / World.Ms));
    }

    internal void BecomeHealthy() => ReportHealth(uint.MaxValue);

    private OwnConnection NextConnection()
    {
        ulong nonce = _random.Next();
        return new OwnConnection(nonce, new UInt128(nonce, ~nonce));
    }

    private void ReportHealth(uint forMs)
    {
        if (!_life.IsClosing)
        {
            _life.Health.UntilNs = _life.ReportHealth(forMs, NowNs);
        }
    }

    private RecreatePolicy NextPolicy()
    {
        _isLeftToFollower = false;
        _isTellingMaster = false;
        _lastWish = null;
        return _policy = _random.OneOf(RecreatePolicy.Never, RecreatePolicy.AfterLoss);
    }

    private void OnClosed()
    {
        World.Witness.Closed(this);
        if (!IsSuperseded)
        {
            _life = NewLife();
            WishLater(_random.Between(0, 500) * World.Ms);
        }
    }

    private void WishLater(long delayNs) => AfterLocal(delayNs, WishNow);

    private void Supervise() => AfterLocal(_random.Between(300, 1500) * World.Ms, () =>
    {
        if (_life.Held == null && !_isLeftToFollower)
        {
            WishNow();
        }

        Supervise();
    });

    private void NextCallback()
    {
        if (Do(life => life.TakeCallback()) is { } callback)
        {
            Tell(callback);
        }
    }

    private void Tell(LifeCallback callback)
    {
        SessionLife life = _life;
        World.Witness.CallbackBegins(this, callback);
        Hear(callback);
        long takesNs = World.HostsMisbehave && _random.Chance(30) ? _random.Between(1, 2500) * World.Ms : 0;
        if (takesNs == 0)
        {
            Return(life, callback);
        }
        else
        {
            AfterLocal(takesNs, () => _process.WhenCollected(() => Return(life, callback)));
        }
    }

    private void Return(SessionLife life, LifeCallback callback)
    {
        if (life != _life)
        {
            throw World.Witness.Failure($"{Name}'s close is over, and {callback.Kind} of epoch {callback.Info.Epoch} runs still");
        }

        World.Witness.CallbackReturned(this, callback);
        HostAnswer answer =
            !World.HostsMisbehave || _random.Chance(950) ? HostAnswer.Returned
            : callback.Kind == LifeCallbackKind.Created && _random.Chance(500) ? HostAnswer.Of(Verdict.Refuse())
            : HostAnswer.Threw(callback.Kind, new InvalidOperationException("of the host"));
        if (Do(it => it.Returned(callback, answer, NowNs)) is { } follow)
        {
            Tell(follow);
        }
        else if (life == _life)
        {
            NextCallback();
        }
    }

    private void Hear(LifeCallback callback)
    {
        switch (callback.Kind)
        {
            case LifeCallbackKind.Lost:
                _isLeftToFollower = _policy == RecreatePolicy.AfterLoss && _lastWish?.Former == null;
                HearOfLoss();
                break;
            case LifeCallbackKind.Ended:
                World.Note($"{Name}: asked for a session, ended {callback.Failure?.Status ?? SessionStatus.Ok} {callback.Info.Epoch}");
                HearOfEnd((SimWish)callback.Wish!, callback.Failure?.Status ?? SessionStatus.Ok);
                break;
            default:
                break;
        }
    }

    private void HearOfLoss()
    {
        if (IsSuperseded)
        {
            Close();
            return;
        }

        if (_random.Chance(800))
        {
            // Else it tries to take up what it has lost.
            _disk.SessionId = 0;
        }

        if (!_isLeftToFollower)
        {
            WishLater(_random.Between(0, 500) * World.Ms);
        }
    }

    private void HearOfEnd(SimWish wish, SessionStatus status)
    {
        if (status == SessionStatus.Ok)
        {
            return;
        }

        if (IsSuperseded)
        {
            Close();
            return;
        }

        // Its own the follower repeats, unless its host has refused or cancelled it.
        _isLeftToFollower = wish.IsOwn && status is not (SessionStatus.RefusedByHost or SessionStatus.Cancelled);
        if (wish.Former != null && status is not (SessionStatus.TimedOut or SessionStatus.NoMaster or SessionStatus.NotLeader))
        {
            _disk.SessionId = 0;
        }
    }
}
