using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Close and revoke.</summary>
public sealed class EndTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RunningMaster _running;

    public EndTests() => _running = new RunningMaster(time: _time);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_closed_session_is_gone_at_once_and_its_end_is_told_once()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await _running.Client.SetItemAsync(key, "item", [1]);

        await _running.Client.CloseAsync(key);
        await _running.Client.CloseAsync(key);

        Assert.Empty(_running.Master.ListSessions().Rows);
        await MasterClient.AssertRefusedAsync(SessionStatus.SessionClosed, () => _running.Client.ListItemsAsync(key));
        await Eventually.IsTrueAsync(() => _running.Hooks.CallsOf("server").Length == 3, "told of the end");
        _running.StopServing();
        Assert.Equal(
            ["SessionInitialize", "SessionCreated", "SessionEnded Closed"], _running.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task Nobody_closes_somebody_elses_session()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.WrongNonce, () => _running.Client.CloseAsync(new Wire.SessionKey(key) { Nonce = key.Nonce + 1 }));
        await MasterClient.AssertRefusedAsync(
            SessionStatus.WrongEpoch, () => _running.Client.CloseAsync(new Wire.SessionKey(key) { Epoch = key.Epoch + 1 }));
        Assert.Single(_running.Master.ListSessions().Rows);
    }

    /// <summary>What a .NET host passes has no boundary that looks at it before.</summary>
    [Fact]
    public async Task A_host_that_revokes_is_told_which_reason_and_which_time_out_are_none()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Refused(SessionStatus.TooLong, "reason has 256 bytes", new string('r', 256), 1000);
        Refused(SessionStatus.InvalidArgument, "reason contains a NUL", "a\0", 1000);
        Refused(SessionStatus.InvalidArgument, "timeout_ms is 0", "r", 0);
        Refused(SessionStatus.InvalidArgument, "timeout_ms is 4294967295", "r", uint.MaxValue);
        Assert.Equal((SessionFlags)0, Assert.Single(_running.Master.ListSessions().Rows).Flags);

        void Refused(SessionStatus status, string said, string reason, uint timeoutMs)
        {
            SessionException refusal = Assert.Throws<SessionException>(
                () => _running.Master.RevokeSession(key.SessionId, key.Epoch, reason, timeoutMs));
            Assert.Equal(status, refusal.Status);
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_host_is_told_after_the_durable_removal()
    {
        TaskCompletionSource<int> listedThen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionEnded = (_, _) => listedThen.SetResult(_running.Master.ListSessions().Rows.Count);
        await _running.Client.CloseAsync(await _running.Client.CreateKeyAsync("server"));
        Assert.Equal(0, await Eventually.Ends(listedThen.Task));
    }

    [Fact]
    public async Task A_revoked_session_is_renewed_no_more_and_goes_at_the_acknowledgement()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        using RenewalStream stream = _running.Client.OpenStream();

        await _running.Client.Administration.RevokeSessionAsync(
            new Wire.RevokeSessionRequest { SessionId = key.SessionId, Epoch = key.Epoch, Reason = "drained" });

        Assert.Equal(SessionStatus.SessionRevoked, await stream.StatusOfAsync(key));
        await MasterClient.AssertRefusedAsync(
            SessionStatus.SessionRevoked, () => _running.Client.SetItemAsync(key, "item", [1]));
        // The holder may still serve, so its work is not given on.
        Assert.Single(_running.Master.ListSessions().Rows);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, () => _running.Client.CreateAsync("server"));
        Assert.DoesNotContain(
            _running.Hooks.CallsOf("server"), call => call.StartsWith("SessionEnded", StringComparison.Ordinal));

        await _running.Client.CloseAsync(key);

        Assert.Empty(_running.Master.ListSessions().Rows);
        await Eventually.IsTrueAsync(
            () => _running.Hooks.CallsOf("server").Contains("SessionEnded Revoked"), "told of the end");
        Assert.Equal(SessionStatus.SessionRevoked, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task A_revoked_session_of_a_silent_holder_goes_no_earlier_than_its_lease()
    {
        TaskCompletionSource<long> endedNs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionEnded = (_, reason) =>
        {
            Assert.Equal(SessionEndReason.Revoked, reason);
            endedNs.SetResult(_time.NowNs);
        };
        long sentNs = _time.NowNs;
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", Limits.DefaultMinTermMs);

        _running.Master.RevokeSession(key.SessionId, key.Epoch, "drained");

        _time.Pass(Limits.DefaultMinTermMs - 1);
        Assert.False(endedNs.Task.IsCompleted);
        Assert.Single(_running.Master.ListSessions().Rows);
        _time.Pass(100);
        Assert.True(await Eventually.Ends(endedNs.Task) - sentNs >= Ns.FromMs(Limits.DefaultMinTermMs));
    }

    [Fact]
    public async Task Revoke_refuses_what_is_not_there_as_what_it_is()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Assert.Equal(SessionStatus.WrongEpoch, Revoke(key.SessionId, key.Epoch + 1));
        Assert.Equal(SessionStatus.UnknownSession, Revoke(12345, 1));
        await _running.Client.CloseAsync(key);
        Assert.Equal(SessionStatus.SessionClosed, Revoke(key.SessionId, key.Epoch));
    }

    private SessionStatus Revoke(ulong sessionId, ulong epoch) => Assert.Throws<SessionException>(
        () => _running.Master.RevokeSession(sessionId, epoch, "test")).Status;
}
