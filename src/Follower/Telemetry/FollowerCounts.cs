using System.Threading;

namespace Interop.Sessions.Follower;

/// <summary>
/// What followers count: each for itself, and all of a manager together, so that what closed ones have counted stays. Additions only:
/// no lock is taken.
/// </summary>
/// <param name="all">Those of the manager; null: these are they.</param>
internal sealed class FollowerCounts(FollowerCounts? all = null)
{
    private long _renewalsSent;
    private long _inquiriesSent;
    private long _renewed;
    private long _lateAnswers;
    private long _sessionsGranted;
    private long _sessionsLost;

    internal void NoteSent(bool isInquiry)
    {
        Interlocked.Increment(ref isInquiry ? ref _inquiriesSent : ref _renewalsSent);
        all?.NoteSent(isInquiry);
    }

    internal void NoteRenewed()
    {
        Interlocked.Increment(ref _renewed);
        all?.NoteRenewed();
    }

    internal void NoteLate()
    {
        Interlocked.Increment(ref _lateAnswers);
        all?.NoteLate();
    }

    internal void NoteGranted()
    {
        Interlocked.Increment(ref _sessionsGranted);
        all?.NoteGranted();
    }

    internal void NoteLost()
    {
        Interlocked.Increment(ref _sessionsLost);
        all?.NoteLost();
    }

    internal FollowerStatistics AddTo(FollowerStatistics statistics) => statistics with
    {
        RenewalsSent = Volatile.Read(ref _renewalsSent),
        InquiriesSent = Volatile.Read(ref _inquiriesSent),
        Renewed = Volatile.Read(ref _renewed),
        LateAnswers = Volatile.Read(ref _lateAnswers),
        SessionsGranted = Volatile.Read(ref _sessionsGranted),
        SessionsLost = Volatile.Read(ref _sessionsLost),
    };

    internal FollowerManagerStatistics AddTo(FollowerManagerStatistics statistics) => statistics with
    {
        RenewalsSent = Volatile.Read(ref _renewalsSent),
        InquiriesSent = Volatile.Read(ref _inquiriesSent),
        Renewed = Volatile.Read(ref _renewed),
        LateAnswers = Volatile.Read(ref _lateAnswers),
        SessionsGranted = Volatile.Read(ref _sessionsGranted),
        SessionsLost = Volatile.Read(ref _sessionsLost),
    };
}
