using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>A create that its caller has given up leaves nothing behind that blocks its own identity.</summary>
public sealed class AbandonedCreateTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_create_that_was_given_up_behind_a_hook_makes_no_session()
    {
        using ManualResetEventSlim release = new();
        using CountdownEvent inside = new(1);
        _running.Hooks.OnSessionInitialize = (_, _) =>
        {
            inside.Signal();
            release.Wait(Eventually.Patience);
        };
        using CancellationTokenSource caller = new();
        Task<GrantedAnswer> first = CreateAsync(caller.Token);
        Assert.True(inside.Wait(Eventually.Patience));
        Task<GrantedAnswer>[] queued = [.. Enumerable.Range(0, 50).Select(_ => CreateAsync(caller.Token))];
        await caller.CancelAsync();
        _running.Hooks.OnSessionInitialize = (_, _) => { };
        release.Set();
        foreach (Task<GrantedAnswer> create in queued.Append(first))
        {
            Assert.Equal(SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => create)).Status);
        }

        // Behind all of them, as hooks of one identity run in order.
        Wire.CreateSessionReply own = await _running.Client.CreateAsync("server");
        Assert.Equal(own.SessionId, Assert.Single(_running.Master.ListSessions().Rows).SessionId);
        Assert.Single(_running.Hooks.CallsOf("server"), call => call == "SessionCreated");
    }

    [Fact]
    public async Task A_create_names_those_that_its_process_has_abandoned_and_they_end()
    {
        Wire.CreateSessionRequest abandoned = MasterClient.RequestFor("server");
        Wire.CreateSessionReply orphan = await _running.Client.Sessions.CreateSessionAsync(abandoned);
        await MasterClient.AssertRefusedAsync(SessionStatus.IdentityInUse, () => _running.Client.CreateAsync("server"));

        Wire.CreateSessionRequest next = MasterClient.RequestFor("server");
        next.AbandonedNonces.Add(abandoned.Nonce);
        Wire.CreateSessionReply own = await _running.Client.Sessions.CreateSessionAsync(next);

        Assert.True(own.Epoch > orphan.Epoch);
        Assert.Equal(
            ["SessionInitialize", "SessionCreated", "SessionEnded Closed", "SessionInitialize", "SessionCreated"],
            _running.Hooks.CallsOf("server"));
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.SessionClosed, await stream.StatusOfAsync(MasterClient.KeyOf(orphan)));
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(MasterClient.KeyOf(own)));
    }

    [Fact]
    public async Task More_abandoned_creates_than_a_process_names_are_refused_with_the_limit()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server");
        request.AbandonedNonces.AddRange(Enumerable.Range(1, Limits.MaxAbandonedNonces + 1).Select(i => (ulong)i));
        SessionException refusal = await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, async () => await _running.Client.Sessions.CreateSessionAsync(request));
        Assert.Contains($"{Limits.MaxAbandonedNonces}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_is_told_for_how_long_and_by_whom()
    {
        await _running.Client.CreateAsync("server", 5000);
        SessionException refusal = await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, () => _running.Client.CreateAsync("server"));
        Assert.InRange(refusal.RetryAfterMs, 1u, 5000u);
        Assert.Contains("host-of-server", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("4711", refusal.Message, StringComparison.Ordinal);
    }

    // In the process: over the wire a cancellation may come after the hook has returned, and then there is a session.
    private Task<GrantedAnswer> CreateAsync(CancellationToken caller) => Task.Run(() => _running.Master.Verbs.CreateSessionAsync(
        WireInput.Description(MasterClient.RequestFor("server").Description), TestConnections.Of(MasterClient.NewNonce()).Told, [], "", caller));
}
