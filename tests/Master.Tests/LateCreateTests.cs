using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Copies of creates and re-attaches that come when their session is held, to a host that has changed its mind.</summary>
public sealed class LateCreateTests : IDisposable
{
    private const uint TermMs = 30_000;
    private readonly RunningMaster _running = new(options => options.MaxTermMs = TermMs);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_late_copy_of_a_create_that_is_refused_now_leaves_the_identity_with_its_holder()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server", TermMs);
        Wire.CreateSessionReply held = await _running.Client.Sessions.CreateSessionAsync(request);
        _running.Restart();
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(MasterClient.KeyOf(held)));

        RefuseAll();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, async () => await _running.Client.Sessions.CreateSessionAsync(request), "changed its mind");
        GrantAll();

        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, async () => await _running.Client.CreateAsync("server"), "server");
        Assert.Equal(SessionStatus.SessionRevoked, await stream.StatusOfAsync(MasterClient.KeyOf(held)));
    }

    [Fact]
    public async Task A_create_that_is_refused_leaves_its_identity_free()
    {
        RefuseAll();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, async () => await _running.Client.CreateAsync("server"), "changed its mind");
        GrantAll();

        Assert.True((await _running.Client.CreateAsync("server")).Epoch > 0);
    }

    private void RefuseAll() =>
        _running.Hooks.OnSessionCreated = (_, _) => throw new InvalidOperationException("it has changed its mind");

    private void GrantAll() => _running.Hooks.OnSessionCreated = (_, _) => { };
}
