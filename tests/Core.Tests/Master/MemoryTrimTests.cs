using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>When memory is given back.</summary>
public sealed class MemoryTrimTests
{
    private const long Mb = 1024 * 1024;
    private const uint LongestPauseMs = 400;
    private const long PauseNs = Limits.TrimPauseMs * 1_000_000L;

    private readonly MemoryTrim _trim = new(LongestPauseMs);
    private long _allocated;
    private long _nowNs;

    [Fact]
    public void After_a_burst_and_not_in_the_middle_of_it()
    {
        Needs(40);

        Assert.False(IsDue(quiet: false, residentMb: 900));
        Assert.True(IsDue(quiet: true, residentMb: 900));
    }

    [Fact]
    public void Not_for_what_is_needed()
    {
        Needs(800);

        Assert.False(IsDue(quiet: true, residentMb: 1000));
        Assert.True(IsDue(quiet: true, residentMb: 1001));
    }

    [Fact]
    public void Not_all_the_time()
    {
        Needs(40);

        Assert.True(IsDue(quiet: true, residentMb: 900));
        _trim.Trimmed(900 * Mb, 900 * Mb);
        _nowNs -= 1;
        Assert.False(IsDue(quiet: true, residentMb: 900));
        Assert.True(IsDue(quiet: true, residentMb: 900));
    }

    [Fact]
    public void Again_while_it_helps_and_until_it_was_in_vain_some_times()
    {
        Needs(40);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(IsDue(quiet: true, residentMb: 900));
            _trim.Trimmed(900 * Mb, 700 * Mb);
        }

        for (int i = 0; i < Limits.TrimsInVain; i++)
        {
            Assert.True(IsDue(quiet: true, residentMb: 900));
            _trim.Trimmed(900 * Mb, 890 * Mb);
        }

        Assert.False(IsDue(quiet: true, residentMb: 900));
    }

    [Fact]
    public void Not_where_it_would_stop_everything_for_longer_than_a_renewal_may_take()
    {
        const int Most = ((int)LongestPauseMs - Limits.EmptyCollectionMs) * Limits.SessionsCompactedPerMs;

        Assert.False(IsDue(quiet: true, residentMb: 4000, sessions: Most + Limits.SessionsCompactedPerMs));
        Assert.True(IsDue(quiet: true, residentMb: 4000, sessions: Most));
    }

    private void Needs(long mb)
    {
        for (int i = 0; i < Limits.TrimsInVain; i++)
        {
            _trim.Trimmed(mb * Mb, mb * Mb);
        }
    }

    private bool IsDue(bool quiet, long residentMb, int sessions = 1000)
    {
        _allocated += quiet ? Limits.QuietAllocationBytes - 1 : Limits.QuietAllocationBytes;
        _nowNs += PauseNs;
        return _trim.IsDue(_allocated, residentMb * Mb, sessions, _nowNs);
    }
}
