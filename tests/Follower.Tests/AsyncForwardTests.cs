using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
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

        test.Follower.Begin(
            epoch, 10_000,
            ending => test.Follower.SetItemAsync(epoch, "key", Encoding.UTF8.GetBytes("value"), cancellationToken: ending),
            (failure, changed) =>
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

        test.Follower.Begin(
            epoch, 10_000, ending => test.Follower.RemoveItemAsync(epoch, "none", cancellationToken: ending), Note);

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
        CancellationTokenSource operation = BeginReport(test, epoch, failure =>
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
            BeginReport(test, epoch, Note);
        }

        test.Follower.Close();

        Assert.Equal(Enumerable.Repeat(SessionStatus.Cancelled, 10), _ends);
    }

    [Fact]
    public void A_completion_that_throws_harms_neither_the_next_nor_the_close()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;

        BeginGetNone(test, epoch, _ => throw new InvalidOperationException("the host's own defect"));
        BeginGetNone(test, epoch, Note);

        Eventually.IsTrue(() => !_ends.IsEmpty, "completed");
        Eventually.IsTrue(() => test.Heard.Logged.Any(record => record.Id == 2005), "logged");
        test.Follower.Close();
    }

    [Fact]
    public void Who_hears_that_a_call_is_over_has_room_for_the_next()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        using ManualResetEventSlim inside = new();
        using ManualResetEventSlim mayReturn = new();
        TaskCompletionSource<SessionException?> next = new();
        BeginGetNone(
            test, epoch,
            _ =>
            {
                inside.Set();
                mayReturn.Wait(Eventually.Patience);
            },
            over: () => next.SetResult(Record.Exception(() => BeginGetNone(test, epoch, Note)) as SessionException));
        // From here on no other completion runs, so that none gives its place back.
        Eventually.IsSet(inside, "inside the completion");
        for (int i = 1; i < Limits.MaxForwardsInProgress; i++)
        {
            BeginGetNone(test, epoch, Note);
        }

        Assert.Equal(SessionStatus.TooManyObjects, Refusal(test, epoch));
        mayReturn.Set();

        Assert.True(next.Task.Wait(Eventually.Patience), "the call is not over");
        Assert.Null(next.Task.Result);
        test.Follower.Close();
        Assert.Equal(Limits.MaxForwardsInProgress, _ends.Count);
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
            () => BeginGetNone(test, epoch, _ => Assert.Fail("completed"))).Status;

    private static CancellationTokenSource BeginGetNone(
        TestFollower test, ulong epoch, Action<SessionException?> completion, Action? over = null) =>
        test.Follower.Begin(
            epoch, 10_000, ending => test.Follower.GetItemAsync(epoch, "none", cancellationToken: ending),
            (failure, _) => completion(failure), over);

    private static CancellationTokenSource BeginReport(TestFollower test, ulong epoch, Action<SessionException?> completion) =>
        test.Follower.Begin(
            epoch, 60_000,
            ending => test.Follower.ReportDataAsync(epoch, new ReportWindow(0, 10), new ulong[] { 1 }, 60_000, ending),
            (failure, _) => completion(failure));

    private void Note(SessionException? failure) => _ends.Enqueue(failure?.Status ?? SessionStatus.Ok);
}
