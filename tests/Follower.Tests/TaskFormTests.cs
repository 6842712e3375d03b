using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>The verbs as .NET hosts have them.</summary>
public sealed class TaskFormTests : IDisposable
{
    private static readonly ReportWindow s_window = new(0, 10);
    private readonly RunningMaster _master = new(new History());
    private readonly ManualResetEventSlim _atTheMaster = new();
    private readonly ManualResetEventSlim _mayAnswer = new();

    public TaskFormTests() => _master.Hooks.OnDataReport = _ =>
    {
        _atTheMaster.Set();
        _mayAnswer.Wait(Eventually.Patience);
        return new ReportWindow(0, 0);
    };

    [Fact]
    public async Task Every_verb_is_a_task_with_the_answer()
    {
        _mayAnswer.Set();
        await using FollowerManager manager = new(
            new FollowerManagerOptions { Endpoints = [_master.Address], Insecure = Insecure.Loopback }, new History());
        await using SessionFollower follower = manager.CreateFollower("cs1");
        ulong epoch = (await follower.CreateSessionAsync(new ServerDescription { Endpoints = [new Endpoint(AccessPointKind.Nfs, "10.0.0.1:/export")] })).Epoch;

        ulong revision = await follower.SetItemAsync(epoch, "key", new byte[] { 1, 2 });
        Assert.Equal(revision, (await follower.GetItemAsync(epoch, "key")).Revision);
        Assert.Equal("key", Assert.Single(await follower.ListItemsAsync(epoch)).Key);
        await follower.RemoveItemAsync(epoch, "key", revision);
        Assert.Empty(await follower.ListItemsAsync(epoch));
        AccessPoint found = await follower.FindAccessPointAsync(epoch, AccessPointKind.Nfs, "vol-1");
        Assert.Equal("cs1", found.Identity);
        await follower.ReleaseAccessPointAsync(epoch, AccessPointKind.Nfs, "vol-1", found);
        Assert.Equal(new ReportWindow(0, 0), await follower.ReportDataAsync(epoch, s_window, new ulong[] { 1 }));
        await follower.CloseAsync();
        Assert.Equal(SessionState.Lost, follower.Session.State);
    }

    [Fact]
    public void What_follows_a_create_never_runs_on_the_callback_thread()
    {
        using TestFollower test = new(_master.Address);

        Task<bool> inCallback = test.Follower.CreateSessionAsync().ContinueWith(
            _ => test.Follower.IsInCallback, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        Assert.False(Eventually.ResultOf(inCallback));
    }

    [Fact]
    public void A_caller_that_cancels_hears_of_his_own_token()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        using CancellationTokenSource cancel = new();
        Task report = test.Follower.ReportDataAsync(
            epoch, s_window, new ulong[] { 1 }, 60_000, cancel.Token);
        Eventually.IsSet(_atTheMaster, "at the master");

        cancel.Cancel();

        OperationCanceledException ended = Assert.ThrowsAny<OperationCanceledException>(() => Eventually.HasEnded(report));
        Assert.Equal(cancel.Token, ended.CancellationToken);
        Assert.True(report.IsCanceled);
    }

    [Fact]
    public void What_is_cancelled_before_it_is_sent_does_nothing_and_says_so()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;

        OperationCanceledException ended = Assert.ThrowsAny<OperationCanceledException>(() => Eventually.HasEnded(
            test.Follower.ReportDataAsync(epoch, s_window, new ulong[] { 1 }, 60_000, new CancellationToken(canceled: true))));

        Assert.False(Assert.IsType<SessionException>(ended.InnerException).IsOutcomeUnknown);
        test.Follower.Close();
        Assert.False(_atTheMaster.IsSet);
    }

    [Fact]
    public void A_caller_that_cancels_a_create_hears_of_his_own_token_and_holds_nothing()
    {
        _master.Hooks.OnSessionCreated = (_, _) =>
        {
            _atTheMaster.Set();
            _mayAnswer.Wait(Eventually.Patience);
        };
        using TestFollower test = new(_master.Address);
        using CancellationTokenSource cancel = new();
        Task<SessionInfo> creating = test.Follower.CreateSessionAsync(cancellationToken: cancel.Token);
        Eventually.IsSet(_atTheMaster, "at the master");

        cancel.Cancel();

        Assert.Equal(
            cancel.Token,
            Assert.ThrowsAny<OperationCanceledException>(() => Eventually.ResultOf(creating)).CancellationToken);
        Assert.Equal(SessionInfo.None, test.Follower.Session);
        _mayAnswer.Set();
        Eventually.IsTrue(() => _master.Sessions.Length == 0, "given back");
    }

    [Fact]
    public void A_call_that_a_close_ends_says_so_and_what_follows_it_may_wait_for_that_close()
    {
        using TestFollower test = new(_master.Address);
        ulong epoch = test.Create().Epoch;
        Task<SessionStatus> reporting = ReportThenDispose(test, epoch);
        Eventually.IsSet(_atTheMaster, "at the master");

        Task closing = test.Follower.CloseAsync();

        Assert.Equal(SessionStatus.Cancelled, Eventually.ResultOf(reporting));
        Eventually.HasEnded(closing);
    }

    [Fact]
    public void What_is_refused_is_told_by_the_task_and_thrown_by_no_call()
    {
        using TestFollower test = new(_master.Address);
        Assert.Equal(SessionStatus.NoSession, Refusal(test.Follower.SetItemAsync(1, "key", default)));
        ulong epoch = test.Create().Epoch;
        Assert.Equal(SessionStatus.WrongEpoch, Refusal(test.Follower.ListItemsAsync(epoch + 1)));
        Assert.Equal(SessionStatus.InvalidArgument, Refusal(test.Follower.GetItemAsync(epoch, "key", timeoutMs: 0)));
        Assert.Equal(
            SessionStatus.InvalidArgument, Refusal(test.Follower.ReportDataAsync(epoch, s_window, new ulong[] { 10 })));
        Assert.Equal(SessionStatus.SessionExists, Refusal(test.Follower.CreateSessionAsync()));
        Eventually.HasEnded(test.Follower.CloseAsync());
        Assert.Equal(SessionStatus.Cancelled, Refusal(test.Follower.RemoveItemAsync(epoch, "key")));
        Assert.Equal(SessionStatus.Cancelled, Refusal(test.Follower.ReattachSessionAsync(1, 1)));
    }

    [Fact]
    public void A_description_with_the_identity_of_another_is_refused()
    {
        using TestFollower test = new(_master.Address);

        SessionException refusal = Assert.Throws<SessionException>(
            () => Eventually.ResultOf(test.Follower.CreateSessionAsync(new ServerDescription { Identity = "other" })));

        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("'other'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TestFollower.Identity, test.Create().SessionId == 0 ? "" : Assert.Single(_master.Sessions).Description.Identity);
    }

    [Fact]
    public void Follower_and_manager_can_be_closed_and_disposed_in_a_callback()
    {
        using TestFollower test = new(_master.Address);
        Task? closing = null;
        test.Callbacks.OnStateChanged = _ =>
        {
            closing = test.Manager.CloseAsync();
            test.Follower.Dispose();
            test.Manager.Dispose();
            test.Heard.Add("returned");
        };

        SessionInfo session = test.Create();

        test.HearsOf($"lost {session.Epoch} Closed");
        Eventually.HasEnded(closing!);
        Assert.Equal(
            [$"created {session.Epoch}", "returned", $"Alive {session.Epoch}", $"lost {session.Epoch} Closed"], test.Told);
    }

    [Fact]
    public void Who_waits_for_a_close_may_give_up_waiting_and_the_close_goes_on()
    {
        using TestFollower test = new(_master.Address);
        using ManualResetEventSlim mayReturn = new();
        test.Callbacks.OnLost = _ => mayReturn.Wait(Eventually.Patience);
        test.Create();

        Assert.ThrowsAny<OperationCanceledException>(
            () => Eventually.HasEnded(test.Follower.CloseAsync(new CancellationToken(canceled: true))));
        Task closing = test.Follower.CloseAsync();
        Assert.False(closing.IsCompleted);
        mayReturn.Set();

        Eventually.HasEnded(closing);
        Assert.Empty(_master.Sessions);
    }

    public void Dispose()
    {
        _mayAnswer.Set();
        _master.Dispose();
        _atTheMaster.Dispose();
        _mayAnswer.Dispose();
    }

    // Without a context to go back to, so wherever the call ends.
    private static async Task<SessionStatus> ReportThenDispose(TestFollower test, ulong epoch)
    {
        try
        {
            await test.Follower.ReportDataAsync(epoch, s_window, new ulong[] { 1 }, 60_000).ConfigureAwait(false);
            return SessionStatus.Ok;
        }
        catch (SessionException failure)
        {
            test.Follower.Dispose();
            return failure.Status;
        }
    }

    private static SessionStatus Refusal(Task call) =>
        Assert.Throws<SessionException>(() => Eventually.HasEnded(call)).Status;
}
