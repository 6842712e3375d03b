namespace Interop.Sessions.Master;

/// <summary>
/// When a leader's store was last seen as this master left it, and what that lets it do. A look that stalls is no evidence that the store
/// is lost, so it stops nobody, except in a process that stood still: its store may have been given on meanwhile. A beat that does not
/// depend on the disk tells the one case from the other.
/// </summary>
/// <remarks>It has no clock, thread, lock or I/O.</remarks>
/// <param name="nowNs">When the leadership begins; a look comes first.</param>
public sealed class LookBook(long nowNs)
{
    private const long Never = long.MinValue / 2;

    /// <summary>When the last look that saw something began.</summary>
    private long _seenNs = Never;

    /// <summary>A look that began before this is not enough.</summary>
    private long _owedNs = Never;
    private long _beatNs = nowNs;

    /// <summary>The look that goes on was waited for, and is no longer.</summary>
    private bool _isStalled;

    /// <summary>Why the last look saw nothing; null: it saw.</summary>
    public string? Blindness { get; private set; }

    /// <summary>May the master act, as far as looks say?</summary>
    public bool MayAct => Blindness == null && !IsOwed;

    private bool IsOwed => _seenNs < _owedNs;

    /// <summary>This process does not stand still; told every <see cref="Limits.BeatMs"/>, whatever its disks do, and by whoever acts.</summary>
    public void Beats(long nowNs)
    {
        if (nowNs - _beatNs > Ns.FromMs(Limits.StoodStillMs))
        {
            _owedNs = nowNs;
        }

        _beatNs = nowNs > _beatNs ? nowNs : _beatNs;
    }

    /// <summary>A look has ended.</summary>
    /// <param name="beganNs">When it began.</param>
    /// <param name="blindness">Why it saw nothing; null: it saw.</param>
    public void Looked(long beganNs, string? blindness)
    {
        Blindness = blindness;
        _isStalled = false;
        _seenNs = blindness == null ? beganNs : _seenNs;
    }

    /// <summary>Until when who wants to act on what came at a time waits for a look; null: not, and <see cref="MayAct"/> says what follows.</summary>
    public long? AwaitedUntilNs(long cameNs) =>
        Blindness != null || IsFresh(cameNs) || (!IsOwed && _isStalled) ? null
        : cameNs + Ns.FromMs(IsOwed ? Limits.OwedLookMs : Limits.StalledLookMs);

    /// <summary>The look was waited for until then, and has not ended.</summary>
    public void Stalls() => _isStalled = true;

    private bool IsFresh(long nowNs) => !IsOwed && nowNs - _seenNs < Ns.FromMs(Limits.LeadershipPollMs);
}
