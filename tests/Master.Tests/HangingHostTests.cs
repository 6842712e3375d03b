using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests;

/// <summary>A host whose hooks do not return.</summary>
public sealed class HangingHostTests : IDisposable
{
    private readonly RunningMaster _running = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly CountdownEvent _inside = new(1);

    public HangingHostTests() => _running.Hooks.OnSessionInitialize = (request, _) =>
    {
        if (request.Description.Identity == "hanging")
        {
            _inside.Signal();
            _release.Wait(Eventually.Patience);
        }
    };

    public void Dispose()
    {
        _release.Set();
        _running.Dispose();
        _release.Dispose();
        _inside.Dispose();
    }

    [Fact]
    public async Task Creates_of_an_identity_whose_hook_hangs_are_refused_and_told_what_hangs_and_others_are_served()
    {
        using CancellationTokenSource callers = new();
        Task<GrantedAnswer> first = CreateAsync("hanging", CancellationToken.None);
        Assert.True(_inside.Wait(Eventually.Patience));
        Task<GrantedAnswer>[] waiting =
            [.. Enumerable.Range(0, Limits.MaxWaitingHooksPerIdentity).Select(_ => CreateAsync("hanging", callers.Token))];

        SessionException refusal = await MasterClient.AssertRefusedAsync(
            SessionStatus.Overloaded, () => _running.Client.CreateAsync("hanging"),
            "64 calls of 'hanging'", "SessionInitialize of 'hanging'");
        Assert.Equal(Limits.QueueRetryMs, refusal.RetryAfterMs);
        await _running.Client.CreateAsync("another");

        await callers.CancelAsync();
        await Eventually.IsTrueAsync(() => waiting.All(create => create.IsCompleted), "all who have gone are dropped");
        _release.Set();
        await Eventually.Ends(first);
        Assert.Equal(["SessionInitialize", "SessionCreated"], _running.Hooks.CallsOf("hanging"));
    }

    [Fact]
    public async Task A_stop_waits_for_the_hook_that_runs_and_runs_none_of_those_that_wait()
    {
        Task<GrantedAnswer> first = CreateAsync("hanging", CancellationToken.None);
        Assert.True(_inside.Wait(Eventually.Patience));
        Task<GrantedAnswer>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => CreateAsync("hanging", CancellationToken.None))];

        SessionException late = Assert.Throws<SessionException>(() => _running.Master.Stop(timeoutMs: 1));
        Assert.Equal((SessionStatus.TimedOut, true), (late.Status, late.IsOutcomeUnknown));
        Task stop = Task.Run(() => _running.Master.Stop());

        foreach (Task<GrantedAnswer> create in waiting)
        {
            Assert.Equal(
                SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(create))).Status);
        }

        Assert.False(stop.IsCompleted || first.IsCompleted);
        _release.Set();
        await Eventually.Ends(stop);
        Assert.Equal(SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(first))).Status);
        Assert.Equal(["SessionInitialize"], _running.Hooks.CallsOf("hanging"));
    }

    // On this thread up to where it waits: so they wait in order.
    private Task<GrantedAnswer> CreateAsync(string identity, CancellationToken caller) => _running.Master.Verbs.CreateSessionAsync(
        WireInput.Description(MasterClient.RequestFor(identity).Description), TestConnections.Of(MasterClient.NewNonce()).Told, [], "", caller);
}
