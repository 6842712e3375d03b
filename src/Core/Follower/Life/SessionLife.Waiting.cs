namespace Interop.Sessions.Follower;

/// <content>Callers that wait until there is a lease, and callers that watch a lease.</content>
public sealed partial class SessionLife
{
    private bool _isAwaited;
    private ulong _watchedEpoch;

    /// <summary>A lease is wished for whose callbacks of a create have run.</summary>
    /// <returns>
    /// The session, if there is one; null: <see cref="LifeNews.LeaseCame"/> or <see cref="LifeNews.NoLeaseComes"/> will tell.
    /// </returns>
    /// <exception cref="SessionException">Cancelled: it is being closed.</exception>
    public SessionInfo? AwaitLease()
    {
        RequireOpen();
        SessionInfo? serving = Serving;
        _isAwaited |= serving == null;
        return serving;
    }

    /// <summary>Tells by <see cref="LifeNews.LeaseWent"/> when the lease of an epoch refuses. False: it does so already.</summary>
    public bool WatchLease(ulong epoch)
    {
        if (epoch == 0 || epoch != ValidEpoch)
        {
            return false;
        }

        _watchedEpoch = epoch;
        return true;
    }

    private SessionInfo? Serving => Info is { State: SessionState.Alive or SessionState.Suspect } serving ? serving : null;

    private void TellWaiting()
    {
        if (_watchedEpoch != ValidEpoch)
        {
            TellWatching();
        }

        if (_isAwaited && Serving is { } serving)
        {
            _isAwaited = false;
            _news.Add(new LifeNews.LeaseCame(serving));
        }
    }

    /// <summary>The lease that is watched refuses, or has refused: one that came back in the same turn is another to whoever watches.</summary>
    private void TellWatching()
    {
        if (_watchedEpoch != 0)
        {
            _watchedEpoch = 0;
            _news.Add(new LifeNews.LeaseWent());
        }
    }

    private void EndWaiting()
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _news.Add(new LifeNews.NoLeaseComes());
        }
    }
}
