namespace Interop.Sessions;

/// <summary>What somebody watches, and from where on.</summary>
public sealed record WatchOptions
{
    /// <summary>What it is about.</summary>
    public WatchFilter Filter { get; init; } = new();

    /// <summary>
    /// All up to this revision is known to the watcher, as an earlier <see cref="SessionEventKind.Progress"/> has said: the watch goes on
    /// after it. 0: as <see cref="WithState"/> says.
    /// </summary>
    public ulong AfterRevision { get; init; }

    /// <summary>
    /// All that there is comes first, between <see cref="SessionEventKind.StateBegins"/> and <see cref="SessionEventKind.StateEnds"/>. If
    /// not, and without <see cref="AfterRevision"/>, the watch begins with what comes from now on.
    /// </summary>
    public bool WithState { get; init; } = true;

    /// <summary>
    /// Where the master has forgotten what has changed since, all that there is comes again, and only what differs from what was said
    /// before is said, what is gone included: who keeps a mirror need not care. If not, the watch ends with COMPACTED.
    /// </summary>
    public bool Resynchronizes { get; init; } = true;

    /// <summary>How often, in milliseconds, the watch says how far it is where nothing changes.</summary>
    public uint ProgressMs { get; init; } = Limits.DefaultWatchProgressMs;

    /// <exception cref="SessionException">InvalidArgument or TooLong.</exception>
    public void Require()
    {
        Filter.Require();
        RequireProgress(ProgressMs);
    }

    /// <exception cref="SessionException">InvalidArgument.</exception>
    public static void RequireProgress(uint progressMs)
    {
        if (progressMs is < Limits.MinWatchProgressMs or > Limits.MaxWatchProgressMs)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"progress_ms is {progressMs}; it must be {Limits.MinWatchProgressMs} to {Limits.MaxWatchProgressMs}");
        }
    }
}
