using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class AsyncForwardTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly ConcurrentQueue<SessionStatus> _ends = new();
    private readonly ManualResetEventSlim _atTheMaster = new();
    private readonly ManualResetEventSlim _mayAnswer = new();

    public AsyncForwardTests() => _master.Hooks.OnDataReport = _ =>
    {
        _atTheMaster.Set();
        _mayAnswer.Wait(Eventually.Patience);
        return new ReportWindow(0, 0);
    };

    [Fact]
    public void An_answer_comes_once_and_on_the_callback_thread()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        using ManualResetEventSlim completed = new();
        bool inCallback = false;
        ulong revision = 0;

        test.Follower.BeginSetItem(epoch, "key", Encoding.UTF8.GetBytes("value"), null, 10_000, (failure, changed) =>
        {
            inCallback = test.Follower.IsInCallback;
            revision = changed;
            Note(failure);
            completed.Set();
        });

        Eventually.IsSet(completed, "completed");
        Assert.True(inCallback);
        Assert.False(test.Follower.IsInCallback);
        Assert.Equal(test.Follower.GetItem(epoch, "key").Revision, revision);
        test.Follower.Close();
        Assert.Equal([SessionStatus.Ok], _ends);
    }

    [Fact]
    public void A_failure_comes_once_too()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;

        test.Follower.BeginRemoveItem(epoch, "none", null, 10_000, Note);

        Eventually.IsTrue(() => !_ends.IsEmpty, "completed");
        test.Follower.Close();
        Assert.Equal([SessionStatus.ItemNotFound], _ends);
    }

    [Fact]
    public void What_is_refused_at_once_never_completes()
    {
        using TestFollower test = new(_master.Address);
        Assert.Equal(SessionStatus.NoSession, Refusal(test, 1));
        ulong epoch = test.Create().Epoch;
        Assert.Equal(SessionStatus.WrongEpoch, Refusal(test, epoch + 1));
        test.Follower.Close();
        Assert.Equal(SessionStatus.Cancelled, Refusal(test, epoch));
        Assert.Empty(_ends);
    }

    [Fact]
    public void A_cancelled_call_ends_at_once_although_the_master_takes_its_time()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        SessionException? told = null;
        CancellationTokenSource operation = test.Follower.BeginReportData(
            epoch, new ReportWindow(0, 10), new ulong[] { 1 }, 60_000, (failure, _) =>
            {
                told = failure;
                Note(failure);
            });
        Eventually.IsSet(_atTheMaster, "at the master");

        operation.Cancel();

        Eventually.IsTrue(() => !_ends.IsEmpty, "completed");
        Assert.Equal([SessionStatus.Cancelled], _ends);
        Assert.True(told!.IsOutcomeUnknown, "the master has it");
        operation.Cancel();
    }

    [Fact]
    public void A_close_waits_for_the_completions_of_the_calls_that_it_cancels()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        for (int i = 0; i < 10; i++)
        {
            test.Follower.BeginReportData(
                epoch, new ReportWindow(0, 10), new ulong[] { 1 }, 60_000, (failure, _) => Note(failure));
        }

        test.Follower.Close();

        Assert.Equal(Enumerable.Repeat(SessionStatus.Cancelled, 10), _ends);
    }

    [Fact]
    public void A_completion_that_throws_harms_neither_the_next_nor_the_close()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;

        test.Follower.BeginGetItem(
            epoch, "none", 10_000, (_, _) => throw new InvalidOperationException("the host's own defect"));
        test.Follower.BeginGetItem(epoch, "none", 10_000, (failure, _) => Note(failure));

        Eventually.IsTrue(() => !_ends.IsEmpty, "completed");
        Eventually.IsTrue(() => test.Heard.Logged.Any(record => record.Id == 2005), "logged");
        test.Follower.Close();
    }

    public void Dispose()
    {
        _mayAnswer.Set();
        _master.Dispose();
        _atTheMaster.Dispose();
        _mayAnswer.Dispose();
    }

    private static SessionStatus Refusal(TestFollower test, ulong epoch) =>
        Assert.Throws<SessionException>(
            () => test.Follower.BeginListItems(epoch, "", 10_000, (_, _) => Assert.Fail("completed"))).Status;

    private void Note(SessionException? failure) => _ends.Enqueue(failure?.Status ?? SessionStatus.Ok);
}
