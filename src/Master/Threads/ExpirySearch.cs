using System;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Threads;

/// <summary>Looks for expired sessions every <see cref="Limits.ExpiryTickMs"/>, on the thread of the <see cref="CommitQueue"/>.</summary>
/// <param name="writer">The table and its store.</param>
/// <param name="mayExpire">May sessions be expired at a time?</param>
/// <param name="logger">Where failures go.</param>
/// <param name="budgets">How many of them.</param>
internal sealed class ExpirySearch(TableWriter writer, Func<long, bool> mayExpire, ILogger logger, LogBudgets budgets)
{
    private long _nextNs;
    private bool _strangerIsNoted;

    /// <summary>Is there more to do at once?</summary>
    internal bool MoreIsDue { get; private set; }

    /// <summary>Expires some of those that are due, if it is time to look.</summary>
    internal void Look()
    {
        MoreIsDue = false;
        long nowNs = BootClock.NowNs;
        if (writer.IsOver || nowNs < _nextNs || !mayExpire(nowNs))
        {
            return;
        }

        NoteStranger();
        int due = 0;
        bool isMore = false;
        SessionException? failure = writer.DecideAndCommit(table =>
        {
            due = table.Expire(nowNs, Limits.MaxOperationsPerCommit);
            isMore = table.MoreIsDue;
        });
        if (failure != null)
        {
            MasterLog.CommitFailed(logger, budgets, due, failure.Status, failure.Message);
            _nextNs = nowNs + (Limits.ExpiryRetryMs * 1_000_000L);
        }
        else if (isMore)
        {
            MoreIsDue = true;
        }
        else
        {
            _nextNs = nowNs + (Limits.ExpiryTickMs * 1_000_000L);
        }
    }

    // Found by a renewal or a call, on any thread; told here, once.
    private void NoteStranger()
    {
        if (!_strangerIsNoted && writer.Look(table => table.Stranger) is { } stranger)
        {
            _strangerIsNoted = true;
            MasterLog.StoreWentBack(logger, stranger.SessionId, stranger.Epoch);
        }
    }
}
