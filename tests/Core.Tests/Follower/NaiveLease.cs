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
    private readonly List<(long AtNs, int Step)> _ranOut = [];
    private readonly List<int> _silences = [-1];

    /// <summary>Everything that was believed, with the epoch and when it lived.</summary>
    private readonly List<(ulong MasterEpoch, long SentNs, long ReceivedNs)> _believed = [];

    /// <summary>Answers of lower epochs since something was believed.</summary>
    private readonly List<long> _lower = [];
    private readonly List<uint> _promised = [TestLease.TermMs];
    private long _lastTickNs = TestLease.StartNs;
    private int _step;

    internal NaiveLease(long grantSentNs)
    {
        _counted.Add((grantSentNs, TestLease.StartNs, TestLease.TermMs, _step++));
        _believed.Add((TestLease.MasterEpoch, TestLease.StartNs, grantSentNs));
    }

    internal SessionEndReason EndReason { get; private set; }

    internal SessionState State =>
        EndReason != SessionEndReason.None ? SessionState.Lost
        : int.Max(_ranOut.Select(ranOut => ranOut.Step).LastOrDefault(-1), _pauses[^1].Step) > _counted[^1].Step
            ? SessionState.Jeopardy
        : _silences[^1] > _counted[^1].Step ? SessionState.Suspect
        : SessionState.Alive;

    internal long DeadlineNs => State is SessionState.Alive or SessionState.Suspect ? Promised : 0;

    private uint TermMs => _promised[^1];

    private long TermNs => TermMs * 1_000_000L;

    private ulong MasterEpoch => _believed[^1].MasterEpoch;

    private long Promised => _counted
        .Where(answer => answer.SentNs >= _pauses[^1].PausedUntilNs)
        .Select(answer => GoodUntilNs(answer.SentNs, answer.TermMs))
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Since when it refuses, in JEOPARDY.</summary>
    private long RefusedSinceNs => _pauses[^1].Step > _counted[^1].Step
        ? _pauses[^1].PausedUntilNs
        : _ranOut.First(ranOut => ranOut.Step > _counted[^1].Step).AtNs;

    private long OverNs => _believed.Max(answer => answer.SentNs) +
        LeaseArithmetic.PatienceNs(3 * _promised.Max(), TestLease.Bounds.ClockRateBoundPpm);

    /// <summary>Since when lower epochs have answered without a gap of a term; now, if they have not.</summary>
    private long LowerSinceNs(long nowNs)
    {
        long sinceNs = nowNs;
        foreach (long lowerNs in Enumerable.Reverse(_lower).TakeWhile(lowerNs => sinceNs - lowerNs <= TermNs || lowerNs == _lower[^1]))
        {
            sinceNs = lowerNs;
        }

        return sinceNs;
    }

    internal void Tick(long nowNs)
    {
        if (nowNs - _lastTickNs > TermNs / 2)
        {
            _pauses.Add((nowNs, _step));
        }
        else if (nowNs >= Promised)
        {
            _ranOut.Add((nowNs, _step));
        }
        else if (nowNs - _counted[^1].ReceivedNs >= TermNs / 2)
        {
            _silences.Add(_step);
        }

        _lastTickNs = nowNs;
        _step++;
        Judge(nowNs);
    }

    internal void Accept(RenewalAnswer answer, long sentNs, long nowNs)
    {
        SessionEndReason reason = answer.Status switch
        {
            SessionStatus.SessionExpired => SessionEndReason.Expired,
            SessionStatus.SessionRevoked => SessionEndReason.Revoked,
            SessionStatus.UnknownSession => SessionEndReason.Unknown,
            _ => SessionEndReason.None,
        };
        bool isWord = reason != SessionEndReason.None || answer.Status == SessionStatus.Ok;
        if (State == SessionState.Lost || answer.Key != TestLease.Key || !isWord || answer.MasterEpoch > Limits.MaxMasterEpoch)
        {
            return;
        }

        if (answer.MasterEpoch < MasterEpoch)
        {
            if (sentNs >= _believed.First(earlier => earlier.MasterEpoch == MasterEpoch).ReceivedNs)
            {
                _lower.Add(nowNs);
                Judge(nowNs);
            }

            return;
        }

        if (reason == SessionEndReason.None && answer.TermMs != 0 && sentNs < _pauses[^1].PausedUntilNs)
        {
            return;
        }

        _believed.Add((answer.MasterEpoch, sentNs, nowNs));
        _lower.Clear();
        EndReason = reason;
        if (reason == SessionEndReason.None && answer.TermMs != 0)
        {
            _promised.Add(answer.TermMs);
            if (GoodUntilNs(sentNs, answer.TermMs) > nowNs)
            {
                _counted.Add((sentNs, nowNs, answer.TermMs, _step));
            }
        }

        _step++;
    }

    internal void End(SessionEndReason reason)
    {
        if (EndReason == SessionEndReason.None)
        {
            EndReason = reason;
        }
    }

    private void Judge(long nowNs)
    {
        if (State != SessionState.Jeopardy || nowNs - RefusedSinceNs < TermNs)
        {
            return;
        }

        if (_lower.Count > 0 && nowNs - LowerSinceNs(nowNs) >= TermNs && nowNs - _lower[^1] <= TermNs / 2)
        {
            EndReason = SessionEndReason.Unknown;
        }
        else if (nowNs >= OverNs)
        {
            EndReason = SessionEndReason.Expired;
        }
    }

    private static long GoodUntilNs(long sentNs, uint termMs) => LeaseArithmetic.HolderDeadlineNs(
        sentNs, termMs, TestLease.Bounds.ClockRateBoundPpm, TestLease.Bounds.EffectDelayMs);
}
