using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>
/// What a lease must be, said without economy: it keeps every answer that ever counted and works the rest out anew each
/// time it is asked.
/// </summary>
internal sealed class NaiveLease
{
    private readonly List<(long SentNs, long ReceivedNs, uint TermMs, int Step)> _counted = [];
    private readonly List<(long PausedUntilNs, int Step)> _pauses = [(long.MinValue, -1)];
    private readonly List<int> _ranOut = [-1];
    private readonly List<int> _silences = [-1];
    private ulong _masterEpoch = TestLease.MasterEpoch;
    private long _lastTickNs = TestLease.StartNs;
    private uint _termMs = TestLease.TermMs;
    private int _step;

    internal NaiveLease(long grantSentNs) =>
        _counted.Add((grantSentNs, TestLease.StartNs, TestLease.TermMs, _step++));

    internal SessionEndReason EndReason { get; private set; }

    internal SessionState State =>
        EndReason != SessionEndReason.None ? SessionState.Lost
        : int.Max(_ranOut[^1], _pauses[^1].Step) > _counted[^1].Step ? SessionState.Jeopardy
        : _silences[^1] > _counted[^1].Step ? SessionState.Suspect
        : SessionState.Alive;

    internal long DeadlineNs => State is SessionState.Alive or SessionState.Suspect ? Promised : 0;

    private long Promised => _counted
        .Where(answer => answer.SentNs >= _pauses[^1].PausedUntilNs)
        .Select(answer => GoodUntilNs(answer.SentNs, answer.TermMs))
        .DefaultIfEmpty(0)
        .Max();

    internal void Tick(long nowNs)
    {
        long halfNs = _termMs * 1_000_000L / 2;
        if (nowNs - _lastTickNs > halfNs)
        {
            _pauses.Add((nowNs, _step));
        }
        else if (nowNs >= Promised)
        {
            _ranOut.Add(_step);
        }
        else if (nowNs - _counted[^1].ReceivedNs >= halfNs)
        {
            _silences.Add(_step);
        }

        _lastTickNs = nowNs;
        _step++;
    }

    internal void Accept(RenewalAnswer answer, long sentNs, long nowNs)
    {
        if (State == SessionState.Lost || answer.Key != TestLease.Key || answer.MasterEpoch < _masterEpoch)
        {
            return;
        }

        SessionEndReason reason = answer.Status switch
        {
            SessionStatus.SessionExpired => SessionEndReason.Expired,
            SessionStatus.SessionRevoked => SessionEndReason.Revoked,
            SessionStatus.SessionClosed => SessionEndReason.Closed,
            SessionStatus.UnknownSession => SessionEndReason.Unknown,
            _ => SessionEndReason.None,
        };
        bool isRenewal = answer.Status == SessionStatus.Ok && sentNs >= _pauses[^1].PausedUntilNs;
        if (isRenewal || reason != SessionEndReason.None)
        {
            _masterEpoch = answer.MasterEpoch;
        }

        if (isRenewal)
        {
            _termMs = answer.TermMs;
            if (GoodUntilNs(sentNs, answer.TermMs) > nowNs)
            {
                _counted.Add((sentNs, nowNs, answer.TermMs, _step));
            }
        }

        EndReason = reason;
        _step++;
    }

    internal void End(SessionEndReason reason)
    {
        if (EndReason == SessionEndReason.None)
        {
            EndReason = reason;
        }
    }

    private static long GoodUntilNs(long sentNs, uint termMs) => LeaseArithmetic.HolderDeadlineNs(
        sentNs, termMs, TestLease.Bounds.ClockRateBoundPpm, TestLease.Bounds.EffectDelayMs);
}
