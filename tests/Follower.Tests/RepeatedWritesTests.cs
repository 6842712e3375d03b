using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Writes that the library repeats, and whose copies come late.</summary>
public sealed class RepeatedWritesTests : IDisposable
{
    // A term that outlives all of it.
    private readonly RunningMaster _master = new(new History(), options => options.TermMs = options.MaxTermMs = 20_000);
    private readonly TcpProxy _proxy;
    private readonly TestFollower _test;

    public RepeatedWritesTests()
    {
        _proxy = new TcpProxy(_master.Port);
        _test = new TestFollower(_proxy.Address);
    }

    [Fact]
    public void A_late_copy_of_a_write_that_was_repeated_does_not_overwrite_a_later_one()
    {
        SessionInfo session = _test.Create();
        _test.Follower.SetItem(session.Epoch, "warm", "up"u8.ToArray());
        HeldConnections held = _proxy.Hold();
        int answered = 0;

        // Swallowed, given up, and made over another connection.
        ulong first = Set(session, "v1");
        ulong second = Set(session, "v2");
        Assert.True(second > first);
        held.Release();
        Eventually.IsTrue(() => held.Answers > answered, "the master answered the late copy");

        Item item = _test.Follower.GetItem(session.Epoch, "k");
        Assert.Equal(("v2", second), (Encoding.UTF8.GetString(item.Value.Span), item.Revision));
        held.End();
    }

    [Fact]
    public void A_removal_and_a_compared_write_whose_answers_got_lost_are_answered_as_the_first_time()
    {
        SessionInfo session = _test.Create();
        ulong revision = Set(session, "v1");
        _proxy.DropsAnswers = true;
        Task<ulong> compared = Eventually.OnOwnThread(() => _test.Follower.SetItem(
            session.Epoch, "k", "v2"u8.ToArray(), revision, timeoutMs: 20_000));
        Eventually.IsTrue(() => Revision(session) > revision, "made");
        ulong made = Revision(session);
        _proxy.DropsAnswers = false;
        _proxy.Cut();
        _proxy.Restore();

        Assert.Equal(made, Eventually.ResultOf(compared));

        _proxy.DropsAnswers = true;
        Task removing = Eventually.OnOwnThread(() => _test.Follower.RemoveItem(session.Epoch, "k", timeoutMs: 20_000));
        Eventually.IsTrue(() => Revision(session) == 0, "removed");
        _proxy.DropsAnswers = false;
        _proxy.Cut();
        _proxy.Restore();

        Eventually.HasEnded(removing);
    }

    [Fact]
    public void Changes_together_whose_answer_got_lost_are_answered_as_the_first_time_and_made_once()
    {
        SessionInfo session = _test.Create();
        ulong revision = Set(session, "v1");
        _proxy.DropsAnswers = true;
        // Made a second time, the first of them would be refused.
        Task<ulong> applying = Eventually.OnOwnThread(() => _test.Follower.ApplyItems(
            session.Epoch, [ItemChange.Set("k", "v2"u8.ToArray(), revision), ItemChange.Set("other", default, 0)], timeoutMs: 20_000));
        Eventually.IsTrue(() => Revision(session) > revision, "made");
        ulong made = Revision(session);
        _proxy.DropsAnswers = false;
        _proxy.Cut();
        _proxy.Restore();

        Assert.Equal(made, Eventually.ResultOf(applying));
        Assert.Equal(made, Revision(session));
        Assert.Equal(made, _test.Follower.GetItem(session.Epoch, "other").Revision);
    }

    [Fact]
    public void Changes_that_make_no_sense_together_are_refused_without_a_master()
    {
        SessionInfo session = _test.Create();
        _proxy.Cut();

        SessionException refusal = Assert.Throws<SessionException>(() => _test.Follower.ApplyItems(
            session.Epoch, [ItemChange.Remove("k"), ItemChange.Set("k", default)], timeoutMs: 60_000));

        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("changes[1]: key 'k'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_hangs_lets_so_many_others_pass_and_the_next_waits_for_it()
    {
        SessionInfo session = _test.Create();
        using ManualResetEventSlim hangs = new();
        using ManualResetEventSlim mayAnswer = new();
        _master.Hooks.OnDataReport = report =>
        {
            hangs.Set();
            mayAnswer.Wait(Eventually.Patience);
            return report.Window;
        };
        ReportWindow window = new(1, 1);
        Task reporting = Eventually.OnOwnThread(() => _test.Follower.ReportData(session.Epoch, window, Array.Empty<ulong>(), 60_000));
        Assert.True(hangs.Wait(Eventually.Patience));
        for (int i = 1; i < Limits.MaxUnfinishedWrites; i++)
        {
            Set(session, $"v{i}");
        }

        SessionException late = Assert.Throws<SessionException>(
            () => _test.Follower.SetItem(session.Epoch, "k", "late"u8.ToArray(), timeoutMs: 100));
        Assert.Equal(SessionStatus.TimedOut, late.Status);
        Assert.False(late.IsOutcomeUnknown);
        Task<ulong> waiting = Eventually.OnOwnThread(() => Set(session, "last"));
        mayAnswer.Set();

        Eventually.HasEnded(reporting);
        Assert.Equal(Eventually.ResultOf(waiting), _test.Follower.GetItem(session.Epoch, "k").Revision);
    }

    public void Dispose()
    {
        _proxy.DropsAnswers = false;
        _test.Dispose();
        _proxy.Dispose();
        _master.Dispose();
    }

    private ulong Set(SessionInfo session, string value) =>
        _test.Follower.SetItem(session.Epoch, "k", Encoding.UTF8.GetBytes(value), timeoutMs: 20_000);

    /// <summary>As the master has it; 0: there is none.</summary>
    private ulong Revision(SessionInfo session)
    {
        foreach (Item item in _master.Master.ListItems(session.SessionId, ""))
        {
            if (item.Key == "k")
            {
                return item.Revision;
            }
        }

        return 0;
    }
}
