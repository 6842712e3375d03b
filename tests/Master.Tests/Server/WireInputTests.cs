using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>What no well-meaning client sends.</summary>
public sealed class WireInputTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public static TheoryData<string, SessionStatus, Action<Wire.CreateSessionRequest>, string[]> BadCreates => new()
    {
        { "no description", SessionStatus.InvalidArgument, request => request.Description = null, ["description"] },
        { "no nonce", SessionStatus.InvalidArgument, request => request.Nonce = 0, ["nonce"] },
        { "no identity", SessionStatus.InvalidArgument, request => request.Description.Identity = "", ["description.identity"] },
        { "NUL", SessionStatus.InvalidArgument, request => request.Description.Identity = "a\0b", ["description.identity", "NUL"] },
        { "long identity", SessionStatus.TooLong, request => request.Description.Identity = new string('i', 129), ["description.identity", "129", "128"] },
        { "long in bytes", SessionStatus.TooLong, request => request.Description.Identity = new string('\u20ac', 43), ["129", "128"] },
        { "long host", SessionStatus.TooLong, request => request.Description.HostName = new string('h', 256), ["description.host_name", "256", "255"] },
        { "long NFS", SessionStatus.TooLong, request => request.Description.NfsEndpoint = new string('n', 257), ["description.nfs_endpoint", "257", "256"] },
        { "long iSCSI", SessionStatus.TooLong, request => request.Description.IscsiEndpoint = new string('n', 257), ["description.iscsi_endpoint", "257", "256"] },
    };

    public void Dispose() => _running.Dispose();

    [Theory]
    [MemberData(nameof(BadCreates))]
    public async Task A_bad_create_is_refused_by_the_fields_name(
        string mistake, SessionStatus expected, Action<Wire.CreateSessionRequest> spoil, string[] said)
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor(mistake);
        spoil(request);
        await MasterClient.AssertRefusedAsync(
            expected, async () => await _running.Client.Sessions.CreateSessionAsync(request), said);
        Assert.Empty(_running.Master.ListSessions().Rows);
    }

    [Fact]
    public async Task A_call_without_a_session_is_refused()
    {
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => _running.Client.SetItemAsync(null!, "key", []), "session is missing");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => _running.Client.CloseAsync(null!), "session is missing");
    }

    [Fact]
    public async Task Names_at_their_limits_are_stored_and_found_again()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor(new string('\u00e9', 64));
        request.Description.HostName = new string('h', 255);
        request.Description.NfsEndpoint = new string('n', 256);
        request.Description.IscsiEndpoint = new string('i', 256);
        request.Description.Capabilities = ulong.MaxValue;
        request.Description.ProcessId = uint.MaxValue;
        Wire.SessionKey key = MasterClient.KeyOf(await _running.Client.Sessions.CreateSessionAsync(request));
        await _running.Client.SetItemAsync(key, new string('\u20ac', 85), new byte[Limits.DefaultMaxItemBytes]);

        _running.Restart();

        SessionRow row = Assert.Single(_running.Master.ListSessions().Rows);
        Assert.Equal(
            (request.Description.Identity, request.Description.HostName, request.Description.NfsEndpoint, request.Description.IscsiEndpoint),
            (row.Description.Identity, row.Description.HostName, row.Description.NfsEndpoint, row.Description.IscsiEndpoint));
        Assert.Equal((ulong.MaxValue, uint.MaxValue), (row.Description.Capabilities, row.Description.ProcessId));
        Assert.Equal(new string('\u20ac', 85), Assert.Single(_running.Master.ListItems(key.SessionId, "\u20ac")).Key);
    }
}
