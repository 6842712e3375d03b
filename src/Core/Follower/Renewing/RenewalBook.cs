using System;
using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>
/// All renewals of a process: which wait, which are out over which line, which answer is late, and which wait again. This class
/// has no clock, lock, thread or I/O. One sender asks the book for the next step and carries that out outside of the lock; a
/// step that waits is asked for again when there is news. Model: tikv/raft-rs, `RawNode`.
/// </summary>
/// <remarks>
/// Renewals go out over one line at a time, batched: what waits goes in one message. An answer that does not come within the
/// interval means another line, to the next master. While no master leads, the lines to masters that were asked stay open, so
/// that asking again costs a message and no stream; <see cref="RepeatRules"/> says how often.
/// </remarks>
public sealed partial class RenewalBook
{
    private readonly WaitingRenewals _waiting = new();

    /// <summary>The open ones, by the master's address: the one in use, and those that rest.</summary>
    private readonly Dictionary<string, RenewalLine> _lines = new(StringComparer.Ordinal);

    private readonly List<RenewalLine> _toClose = [];
    private RenewalLine? _used;
    private long _pausedUntilNs;

    /// <summary>A follower asks for a renewal or an inquiry, in the place of an older one of its session that still waits.</summary>
    public void Ask(PendingRenewal renewal) => _waiting.Add(renewal);

    /// <summary>What the sender does next.</summary>
    /// <param name="nowNs">s of the message, if it is to send one, and the moment for which a host must vouch for itself.</param>
    public RenewalStep Next(long nowNs)
    {
        if (_toClose.Count > 0)
        {
            RenewalLine over = _toClose[^1];
            _toClose.RemoveAt(_toClose.Count - 1);
            return new RenewalStep { Kind = RenewalStepKind.Close, Line = over };
        }

        return _used is { } line ? NextOver(line, nowNs)
            : !_waiting.HasAny ? WaitUntil(long.MaxValue)
            : nowNs < _pausedUntilNs ? WaitUntil(_pausedUntilNs)
            : new RenewalStep { Kind = RenewalStepKind.Turn };
    }

    /// <summary>The line to a master is used from now on: the one that is open, or a new one, which the sender opens.</summary>
    /// <param name="address">The master's.</param>
    /// <param name="isNew">It has no stream yet.</param>
    public RenewalLine TurnTo(string address, out bool isNew)
    {
        isNew = false;
        if (_lines.TryGetValue(address, out RenewalLine? line))
        {
            if (!line.IsOver)
            {
                line.Resume();
                return _used = line;
            }

            Drop(line);
        }

        if (_lines.Count >= Limits.MaxRestingEndpoints)
        {
            // Masters that lie name ever new ones.
            DropAll(but: null);
        }

        isNew = true;
        line = new RenewalLine(address);
        _lines.Add(address, line);
        return _used = line;
    }

    /// <summary>A line was left: how long to wait before the next is turned to. If nothing waits, the next renewal does not.</summary>
    /// <param name="report">Why it was left.</param>
    /// <param name="next">What <see cref="Endpoints"/> says of that.</param>
    /// <param name="nowNs">The clock now.</param>
    /// <param name="random">As <see cref="RepeatRules.After"/>.</param>
    public void MovedOn(LineReport report, NextMaster next, long nowNs, double random)
    {
        _pausedUntilNs = 0;
        if (_waiting.LeastLeftMs(nowNs) is { } leftMs)
        {
            Repeat repeat = RepeatRules.After(
                new FailedAttempt(CallKind.Renewal, report.Failure.Status, IsOutcomeUnknown: false, RetryAfterMs: 0, next, leftMs), random);
            _pausedUntilNs = nowNs + Ns.FromMs(repeat.PauseMs);
        }
    }

    /// <summary>The sender itself failed, in an unknown way: what is out on the line in use goes out on another.</summary>
    public void SenderFailed(SessionException failure) => _used?.Broke(failure);

    private RenewalStep NextOver(RenewalLine line, long nowNs)
    {
        if (line.Over is { } over)
        {
            return Leave(line, over);
        }

        if (line.TakeLeader())
        {
            // The others were asked in vain while no master led.
            DropAll(but: line);
            return new RenewalStep { Kind = RenewalStepKind.Lead, Line = line };
        }

        long lateAtNs = line.Outstanding.LateAtNs;
        if (nowNs >= lateAtNs)
        {
            // A peer that went away without a word leaves a connection that looks well for minutes.
            return Leave(line, LineReport.Late);
        }

        return _waiting.HasAny && _waiting.Take(nowNs) is { Count: > 0 } batch
            ? new RenewalStep { Kind = RenewalStepKind.Send, Line = line, Batch = line.Outstanding.Register(batch, nowNs) }
            : WaitUntil(lateAtNs);
    }

    /// <summary>What the line leaves unanswered goes out on the next.</summary>
    private RenewalStep Leave(RenewalLine line, LineReport report)
    {
        _used = null;
        foreach (PendingRenewal renewal in line.Outstanding.TakeUnanswered())
        {
            _waiting.PutBack(renewal);
        }

        if (report.End != LineEnd.DoesNotLead)
        {
            Drop(line);
        }

        return new RenewalStep { Kind = RenewalStepKind.Leave, Line = line, Report = report };
    }

    private void DropAll(RenewalLine? but)
    {
        foreach (RenewalLine line in _lines.Values)
        {
            if (line != but)
            {
                Drop(line);
            }
        }
    }

    private void Drop(RenewalLine line)
    {
        _lines.Remove(line.Address);
        _toClose.Add(line);
    }

    private static RenewalStep WaitUntil(long untilNs) => new() { Kind = RenewalStepKind.Wait, UntilNs = untilNs };
}
