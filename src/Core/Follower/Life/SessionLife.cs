using System;
using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>
/// The rules of one follower's life: the follower asks for a session, keeps it, loses it, perhaps gets another, and is closed;
/// and in which order its host hears of that. <see cref="SessionLease"/> decides until when the host may serve.
/// </summary>
/// <remarks>
/// <para>
/// This class has no clock, thread, lock or I/O: inputs have the time with them, and the caller keeps them from overlapping.
/// After each input the caller publishes the lease word (<see cref="WordEpoch"/>, <see cref="WordDeadlineNs"/>,
/// <see cref="State"/>) and shows <see cref="TakeNews"/>, still in its lock; then the caller lets go and does
/// <see cref="TakeEffects"/>.
/// </para>
/// <para>
/// Callbacks run one at a time, in order. The word refuses before SessionLost is run, and SessionLost has returned before
/// SessionCreated of the next session is run. Of the kind of tikv/raft-rs' RawNode. Partial files by verb.
/// </para>
/// </remarks>
public sealed partial class SessionLife
{
    private readonly string _identity;
    private readonly HolderBounds _bounds;
    private readonly CallbackOrder _callbacks = new();
    private List<LifeNews> _news = [];
    private List<LifeEffect> _effects = [];
    private SessionLease? _lease;
    private GrantedSession? _granted;
    private UInt128 _secret;

    /// <summary>The create or re-attach in progress, until its callbacks have run.</summary>
    private SessionWish? _creating;

    /// <param name="identity">Of the server.</param>
    /// <param name="bounds">Of the holder.</param>
    /// <param name="recreate">What follows a loss.</param>
    /// <param name="wishAgain">Makes the wish of a create for which no caller of the host waits.</param>
    /// <param name="random">From 0 to 1, another each time.</param>
    public SessionLife(
        string identity, HolderBounds bounds, RecreatePolicy recreate, Func<ServerDescription, SessionWish> wishAgain,
        Func<double> random)
    {
        _identity = identity;
        _bounds = bounds;
        _recreate = recreate;
        _wishAgain = wishAgain;
        _random = random;
    }

    /// <summary>The session as it is now; <see cref="SessionInfo.None"/> before the first.</summary>
    public SessionInfo Info => _lease == null || _granted == null ? SessionInfo.None : new SessionInfo
    {
        // While callbacks of its create run the host does not count a session as alive, and moves of the session are told afterwards.
        State = _creating != null && IsHeld ? SessionState.None : _lease.State,
        SessionId = _lease.Key.SessionId,
        Secret = _secret,
        Epoch = _lease.Key.Epoch,
        MasterEpoch = _lease.MasterEpoch,
        Capabilities = _granted.Capabilities,
        ReportWindow = _granted.ReportWindow,
        TermMs = _lease.TermMs,
        EndReason = _lease.EndReason,
        EndText = _lease.EndText,
        DeadlineNs = _lease.DeadlineNs,
        IsDraining = _drainReason != null,
        DrainReason = _drainReason ?? "",
    };

    /// <summary>Of the session, also while its callbacks run.</summary>
    public SessionState State => _lease?.State ?? SessionState.None;

    /// <summary>What the lease word shows.</summary>
    public ulong WordEpoch => _lease?.Key.Epoch ?? 0;

    /// <summary>What the lease word shows: D_f; 0: it refuses.</summary>
    public long WordDeadlineNs => _lease?.DeadlineNs ?? 0;

    /// <summary>Of the session that is not lost; null: there is none.</summary>
    public SessionKey? Held => IsHeld ? _lease!.Key : null;

    /// <summary>Of the lease that does not refuse, also while the callbacks of its create run; 0: there is none.</summary>
    public ulong ValidEpoch => State is SessionState.Alive or SessionState.Suspect ? _lease!.Key.Epoch : 0;

    private bool IsHeld => _lease is { State: not SessionState.Lost };

    /// <summary>There is news to show: what to ask the clock for.</summary>
    public bool HasNews => _news.Count > 0;

    /// <summary>What others may see, in order. Each is given out once.</summary>
    /// <param name="shownNs">The clock after the lease word was published: what the word refused by then has δ to end.</param>
    public IReadOnlyList<LifeNews> TakeNews(long shownNs)
    {
        NoteRefusal(shownNs);
        List<LifeNews> news = _news;
        _news = [];
        return news;
    }

    /// <summary>What is to be carried out by now, in order. Each is given out once.</summary>
    public IReadOnlyList<LifeEffect> TakeEffects()
    {
        if (_effects.Count == 0)
        {
            // Not the list itself: the caller looks at what it was given when others are in its lock.
            return [];
        }

        List<LifeEffect> effects = _effects;
        _effects = [];
        return effects;
    }

    /// <summary>The session that a call is for.</summary>
    /// <exception cref="SessionException">Cancelled: it is being closed; NoSession; WrongEpoch.</exception>
    public SessionKey Require(ulong expectedEpoch)
    {
        RequireOpen();
        SessionKey held = Held ?? throw new SessionException(SessionStatus.NoSession, $"follower '{_identity}' has no session");
        return held.Epoch == expectedEpoch ? held : throw new SessionException(
            SessionStatus.WrongEpoch,
            $"the session of follower '{_identity}' has epoch {held.Epoch}, expected_epoch is {expectedEpoch}");
    }

    /// <exception cref="SessionException">Cancelled: it is being closed.</exception>
    public void RequireOpen()
    {
        if (IsClosing)
        {
            throw Closed(_identity);
        }
    }

    /// <summary>What is thrown once a close has begun.</summary>
    public static SessionException Closed(string identity) => new(SessionStatus.Cancelled, $"follower '{identity}' is closed");

    private void Call(LifeCallback callback)
    {
        _callbacks.Add(callback);
        _news.Add(LifeNews.CallbackWaits.One);
    }

    /// <summary>What the lease has come to means for the host, in the order of its moves.</summary>
    private void FollowMoves()
    {
        while (_lease!.NextMove is { } state)
        {
            Tell(state);
            _lease.MoveTold();
        }

        TellWaiting();
    }

    private void Tell(SessionState state)
    {
        bool refuses = state is SessionState.Jeopardy or SessionState.Lost;
        if (refuses)
        {
            TellWatching();
        }

        SessionInfo info = Info with { State = state, DeadlineNs = refuses ? 0 : _lease!.DeadlineNs };
        if (state == SessionState.Lost)
        {
            Lose(info);
        }
        else
        {
            _news.Add(new LifeNews.Moved(info));
            if (_callbacks.AddState(info))
            {
                _news.Add(LifeNews.CallbackWaits.One);
            }
        }
    }
}
