using System;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Grpc.Net.Client;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol.V1;
using Xunit;
using static Interop.Sessions.Native.InteropSessionsNative;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>An identity that an operator drains, as a holder in C hears it.</summary>
[Collection(nameof(OneLibrary))]
public sealed unsafe class DrainTests : IDisposable
{
    private readonly RunningSession _running = new();
    private readonly GrpcChannel _channel;
    private readonly Administration.AdministrationClient _administration;
    private readonly interop_sessions_error* _error =
        (interop_sessions_error*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_error));

    public DrainTests()
    {
        *_error = Native.NewError();
        ushort port;
        Native.Ok(interop_sessions_master_port(_running.Master, &port, _error), *_error);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _administration = new(_channel);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _running.Dispose();
        NativeMemory.Free(_error);
    }

    [Fact]
    public void A_holder_is_told_with_the_reason_and_in_the_same_state_and_again_when_it_is_over()
    {
        _running.CreateSession();
        Assert.Equal("", RunningSession.DrainOf(Now()));
        Drain(new DrainRequest { Identity = "cs1", Reason = "rack 7 goes down" });
        Eventually("state INTEROP_SESSIONS_STATE_ALIVE DRAINING 'rack 7 goes down'");
        Assert.Equal(" DRAINING 'rack 7 goes down'", RunningSession.DrainOf(Now()));
        Assert.Equal(interop_sessions_session_state.INTEROP_SESSIONS_STATE_ALIVE, Now().state);

        Drain(new DrainRequest { Identity = "cs1", Reason = "and rack 8" });
        Eventually("state INTEROP_SESSIONS_STATE_ALIVE DRAINING 'and rack 8'");
        int told = _running.Events.Count;
        Undrain(new UndrainRequest { Identity = "cs1" });
        Eventually("state INTEROP_SESSIONS_STATE_ALIVE", told);
        Assert.Equal("", RunningSession.DrainOf(Now()));
    }

    [Fact]
    public void A_create_is_refused_with_DRAINING_and_the_reason_at_once_and_succeeds_after_the_undrain()
    {
        Drain(new DrainRequest { Identity = "cs1", Reason = "rack 7 goes down" });
        interop_sessions_server_description description = RunningSession.NewDescription();
        Stopwatch waited = Stopwatch.StartNew();
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_DRAINING,
            interop_sessions_follower_create_session(_running.Follower, &description, Native.Within(60_000), null, _error));
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), $"it took {waited.Elapsed}");
        Assert.Contains("'cs1' is drained", Native.MessageOf(*_error), StringComparison.Ordinal);
        Assert.Contains("rack 7 goes down", Native.MessageOf(*_error), StringComparison.Ordinal);
        Assert.Empty(_running.Events);

        Undrain(new UndrainRequest { Identity = "cs1" });
        Assert.NotEqual(0UL, _running.CreateSession().session_id);
    }

    private void Drain(DrainRequest drain) => _administration.Drain(drain, cancellationToken: TestContext.Current.CancellationToken);

    private void Undrain(UndrainRequest undrain) =>
        _administration.Undrain(undrain, cancellationToken: TestContext.Current.CancellationToken);

    private interop_sessions_session_info Now()
    {
        interop_sessions_session_info now = new() { struct_size = (uint)sizeof(interop_sessions_session_info) };
        Native.Ok(interop_sessions_follower_session(_running.Follower, &now, _error), *_error);
        return now;
    }

    private void Eventually(string told, int behind = 0)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!_running.Events.Skip(behind).Contains(told))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), $"'{told}' was not told: {string.Join("; ", _running.Events)}");
            Thread.Sleep(10);
        }
    }
}
