using System;

namespace Interop.Sessions.Follower;

/// <summary>One stream of renewals to one master, as the <see cref="RenewalBook"/> sees it, and under the same lock.</summary>
public sealed class RenewalLine
{
    private LineReport? _end;
    private LineReport? _refusal;
    private bool _leads;
    private bool _isLeaderTold;

    internal RenewalLine(string address) => Address = address;

    /// <summary>The master's.</summary>
    public string Address { get; }

    internal Outstanding Outstanding { get; } = new();

    /// <summary>The stream is useless from here on.</summary>
    internal bool IsOver => _end != null;

    /// <summary>Why it is to be left: its end, for whatever came first, or the master's word that it does not lead.</summary>
    internal LineReport? Over => _end ?? _refusal;

    /// <summary>A message could not be handed over within <see cref="RenewalBatch.WriteWithinMs"/>.</summary>
    public void Stuck() => _end ??= LineReport.Stuck;

    /// <summary>The stream has ended: by its master's word, or since its connection broke.</summary>
    public void Broke(SessionException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _end ??= LineReport.Broken(failure);
    }

    /// <summary>Renewals turn to this line: what its master answered before no longer counts.</summary>
    internal void Resume()
    {
        _refusal = null;
        _leads = _isLeaderTold = false;
    }

    /// <summary>The master answered that it does not lead. Is that news?</summary>
    internal bool NoteRefusal(string? leaderHint)
    {
        _refusal = LineReport.DoesNotLead(leaderHint);
        return true;
    }

    /// <summary>The master answered as a leader does. Is that news?</summary>
    internal bool NoteLeader()
    {
        bool isNews = !_leads;
        _leads = true;
        return isNews;
    }

    /// <summary>True once, when the master has answered as a leader does since the line was turned to.</summary>
    internal bool TakeLeader()
    {
        bool isNews = _leads && !_isLeaderTold;
        _isLeaderTold = _leads;
        return isNews;
    }
}
