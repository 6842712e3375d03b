namespace Interop.Sessions.Follower;

/// <content>Close: the host stops first, and only then the master hears of it.</content>
public sealed partial class SessionLife
{
    private CloseStep _closeStep = CloseStep.EndCalls;

    /// <summary>Completions of the host's calls that have not returned.</summary>
    private int _expected;

    /// <summary>Calls that have a place among <see cref="Limits.MaxForwardsInProgress"/>.</summary>
    private int _places;

    /// <summary>Has a close begun?</summary>
    public bool IsClosing { get; private set; }

    /// <summary>The session that the master is told of, and when its effects are over; null: none was held.</summary>
    public (SessionKey Key, long EffectsOverNs)? ToClose => _toClose is { } key ? (key, _effectsOverNs) : null;

    private SessionKey? _toClose;

    /// <summary>The follower is to end: the data path refuses from here on. False: a close has begun before.</summary>
    public bool BeginClose()
    {
        if (IsClosing)
        {
            return false;
        }

        IsClosing = true;
        Want(false);
        if (IsHeld)
        {
            _toClose = _lease!.Key;
            _lease.End(SessionEndReason.Closed);
            FollowMoves();
        }

        if (_creating is { } wish)
        {
            _effects.Add(new LifeEffect.StopAsking(wish));
        }

        EndWaiting();
        return true;
    }

    /// <summary>A call for the session is about to begin, whose completion the host hears on its thread: a close waits for that.</summary>
    /// <exception cref="SessionException">As <see cref="Require"/>; TooManyObjects.</exception>
    public void Expect(ulong expectedEpoch)
    {
        Require(expectedEpoch);
        if (_places >= Limits.MaxForwardsInProgress)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects,
                $"follower '{_identity}' has {Limits.MaxForwardsInProgress} calls in progress, which is the limit");
        }

        _places++;
        _expected++;
    }

    /// <summary>A call is over: counted before a caller that waits for it hears of that, so that the caller has room for the next.</summary>
    public void GivePlaceBack() => _places--;

    /// <summary>An expected completion has returned, and nothing of its call is left.</summary>
    public void CompletionReturned() => _expected--;

    /// <summary>The next step of the close. The master is told when no code of the host runs or waits.</summary>
    public CloseStep NextOfClose()
    {
        CloseStep step = _closeStep;
        if (step == CloseStep.Wait && (_wishes > 0 || _expected > 0 || !_callbacks.IsIdle))
        {
            return step;
        }

        step = step == CloseStep.Wait ? (_toClose == null ? CloseStep.LetGo : CloseStep.TellMaster) : step;
        _closeStep = step == CloseStep.Over ? step : step + 1;
        return step;
    }
}
