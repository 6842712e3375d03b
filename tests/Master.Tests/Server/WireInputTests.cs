using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
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
        { "long address", SessionStatus.TooLong, request => request.Description.Endpoints[1].Address = new string('n', 257), ["description.endpoints[1].address", "257", "256"] },
        { "no address", SessionStatus.InvalidArgument, request => request.Description.Endpoints[1].Address = "", ["description.endpoints[1].address", "empty"] },
        { "NUL in an address", SessionStatus.InvalidArgument, request => request.Description.Endpoints[0].Address = "a\0", ["description.endpoints[0].address", "NUL"] },
        { "no kind", SessionStatus.InvalidArgument, request => request.Description.Endpoints[0].Kind = 0, ["description.endpoints[0].kind is 0"] },
        { "unknown kind", SessionStatus.InvalidArgument, request => request.Description.Endpoints[0].Kind = 4, ["description.endpoints[0].kind is 4"] },
        { "last unknown kind", SessionStatus.InvalidArgument, request => request.Description.Endpoints[0].Kind = 65535, ["kind is 65535", "65536"] },
        { "many endpoints", SessionStatus.TooLong, request => Fill(request, 17), ["description.endpoints", "17", "16"] },
    };

    public void Dispose() => _running.Dispose();

    // Of every kind that there is, at the limits of their numbers and addresses.
    private static void Fill(Wire.CreateSessionRequest request, int count)
    {
        uint[] kinds = [1, 2, 3, 65536, uint.MaxValue];
        request.Description.Endpoints.Clear();
        request.Description.Endpoints.Add(Enumerable.Range(0, count).Select(
            i => new Wire.Endpoint { Kind = kinds[i % kinds.Length], Address = new string((char)('a' + i), 256) }));
    }

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
        Fill(request, 16);
        request.Description.Capabilities = ulong.MaxValue;
        request.Description.ProcessId = uint.MaxValue;
        Wire.SessionKey key = MasterClient.KeyOf(await _running.Client.Sessions.CreateSessionAsync(request));
        await _running.Client.SetItemAsync(key, new string('\u20ac', 85), new byte[Limits.DefaultMaxItemBytes]);

        _running.Restart();

        SessionRow row = Assert.Single(_running.Master.ListSessions().Rows);
        Assert.Equal(
            (request.Description.Identity, request.Description.HostName), (row.Description.Identity, row.Description.HostName));
        Assert.Equal(
            request.Description.Endpoints.Select(endpoint => (endpoint.Kind, endpoint.Address)),
            row.Description.Endpoints.Select(endpoint => ((uint)endpoint.Kind, endpoint.Address)));
        Assert.Equal((ulong.MaxValue, uint.MaxValue), (row.Description.Capabilities, row.Description.ProcessId));
        Assert.Equal(new string('\u20ac', 85), Assert.Single(_running.Master.ListItems(key.SessionId, "\u20ac")).Key);
    }
}
