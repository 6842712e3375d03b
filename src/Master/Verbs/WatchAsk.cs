namespace Interop.Sessions.Master.Verbs;

/// <summary>One stream of a watch, as somebody asks for it.</summary>
/// <param name="Filter">What it is about.</param>
/// <param name="After">All up to here is known to whoever asks; null: what comes from now on is asked for.</param>
/// <param name="WithState">All that there is comes first.</param>
/// <param name="ProgressMs">How often it says how far it is.</param>
internal sealed record WatchAsk(WatchFilter Filter, ulong? After, bool WithState, uint ProgressMs)
{
    /// <summary>The session that must be held for as long as it lasts; null: none.</summary>
    internal SessionKey? Caller { get; init; }

    /// <exception cref="SessionException">InvalidArgument or TooLong.</exception>
    internal void Require()
    {
        Filter.Require();
        WatchOptions.RequireProgress(ProgressMs);
        if (WithState && After != null)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"with_state is set, and after_revision is {After}: either all that there is comes first, or what has changed");
        }
    }
}

/// <summary>What a watch says in one go, and in which leadership.</summary>
internal readonly record struct WatchSaid(WatchPage Page, ulong MasterEpoch);
