using System;
using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>
/// A watch as its consumer sees it: one stream, whatever befalls the streams of masters that it is made of. It says how the next of them
/// is to be opened, and what is told of what comes over it.
/// </summary>
/// <remarks>It has no clock, thread, lock or I/O.</remarks>
/// <param name="options">What is watched.</param>
public sealed class WatchRun(WatchOptions options)
{
    private readonly WatchMirror? _mirror = options.Resynchronizes ? new WatchMirror(options.Filter.Kinds) : null;

    /// <summary>What was told up to here is all that has changed; null: nothing to go on after.</summary>
    public ulong? After { get; private set; } = options.AfterRevision == 0 ? null : options.AfterRevision;

    /// <summary>Is all that there is to be asked for when the next stream is opened?</summary>
    public bool WithState { get; private set; } = options.WithState && options.AfterRevision == 0;

    /// <summary>A message of a stream has come: what is told of it.</summary>
    /// <param name="events">It said.</param>
    /// <param name="revision">All up to here was said; 0: not yet.</param>
    /// <param name="masterEpoch">Of the leadership that says so.</param>
    public IReadOnlyList<SessionEvent> Take(IReadOnlyList<SessionEvent> events, ulong revision, ulong masterEpoch)
    {
        ArgumentNullException.ThrowIfNull(events);
        List<SessionEvent> told = [];
        foreach (SessionEvent said in events)
        {
            if (_mirror == null)
            {
                told.Add(said);
            }
            else
            {
                _mirror.Take(said, told);
            }
        }

        if (revision != 0)
        {
            After = revision;
            WithState = false;
            told.Add(new SessionEvent { Kind = SessionEventKind.Progress, Revision = revision, MasterEpoch = masterEpoch });
        }

        return told;
    }

    /// <summary>A stream has ended so: may the watch go on over another?</summary>
    public bool GoesOnAfter(SessionException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Status != SessionStatus.Compacted || _mirror == null)
        {
            return false;
        }

        (After, WithState) = (null, true);
        return true;
    }
}
