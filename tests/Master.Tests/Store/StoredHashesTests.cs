using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>Whoever reads a store or an export recognizes holders, and can be none of them.</summary>
public sealed class StoredHashesTests : IDisposable
{
    /// <summary>No other number of the test has these digits.</summary>
    private const ulong Nonce = 0xA1B2C3D4E5F60718;

    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Neither_the_store_nor_an_export_shows_what_a_holder_shows()
    {
        Wire.SessionKey key = await HoldAsync("server");
        await _running.Client.SetItemAsync(key, "rack", [1]);
        await _running.Client.Sessions.SetItemAsync(new Wire.SetItemRequest
        {
            Session = key,
            Key = "numbered",
            Write = new Wire.WriteId { Number = 1, FirstUnfinished = 1 },
        });
        _running.StopServing();
        string export = Export();
        byte[] file = File.ReadAllBytes(_running.StorePath);

        ulong secretHalf = (ulong)TestConnections.SecretOf(Nonce);
        foreach (ulong shown in (ulong[])[Nonce, secretHalf])
        {
            Assert.DoesNotContain(shown.ToString("x16", CultureInfo.InvariantCulture), export, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(shown.ToString(CultureInfo.InvariantCulture), export, StringComparison.Ordinal);
            Assert.Equal((-1, -1), Find(file, shown));
        }

        // Both are looked for rightly: what is stored in their place is there.
        Assert.Contains(NonceHash.Of(Nonce).ToString("x16", CultureInfo.InvariantCulture), export, StringComparison.Ordinal);
        Assert.NotEqual((-1, -1), Find(file, NonceHash.Of(Nonce)));
        _running.Restart();
    }

    [Fact]
    public async Task What_is_stored_of_a_nonce_speaks_for_no_session()
    {
        Wire.SessionKey key = await HoldAsync("server");
        Wire.SessionKey read = new(key) { Nonce = NonceHash.Of(key.Nonce) };

        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.WrongNonce, await stream.StatusOfAsync(read));
        Grpc.Core.RpcException refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => _running.Client.SetItemAsync(read, "rack", [1]));
        Assert.Equal(SessionStatus.WrongNonce, StatusOnTheWire.FromRpc(refused).Status);
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task A_holder_is_known_again_after_a_restart_and_hears_its_own_nonce()
    {
        Wire.SessionKey key = await HoldAsync("server");

        _running.Restart();
        using RenewalStream stream = _running.Client.OpenStream();
        Wire.Renewal renewed = Assert.Single((await stream.RenewAsync(key)).Renewals);
        Assert.Equal((Wire.Status.Ok, key.SessionId, key.Epoch, Nonce), (renewed.Status, renewed.SessionId, renewed.Epoch, renewed.Nonce));

        Wire.CreateSessionReply repeated = await _running.Client.Sessions.CreateSessionAsync(RequestFor("server"));
        Assert.Equal((key.SessionId, Nonce), (repeated.SessionId, repeated.Nonce));
    }

    [Fact]
    public void A_stream_remembers_so_many_hashes_at_most()
    {
        KnownNonces nonces = new();
        for (ulong nonce = 1; nonce <= (2 * Limits.MaxKnownNonces) + 1; nonce++)
        {
            Assert.Equal(NonceHash.Of(nonce), nonces.HashOf(nonce));
            Assert.Equal(NonceHash.Of(nonce), nonces.HashOf(nonce));
            Assert.InRange(nonces.Count, 1, Limits.MaxKnownNonces);
        }
    }

    private async Task<Wire.SessionKey> HoldAsync(string identity) =>
        MasterClient.KeyOf(await _running.Client.Sessions.CreateSessionAsync(RequestFor(identity)));

    private static Wire.CreateSessionRequest RequestFor(string identity)
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor(identity);
        request.Nonce = Nonce;
        request.SecretHash = SecretOnTheWire.ToWire(TestConnections.Of(Nonce).Told.SecretHash);
        return request;
    }

    private string Export()
    {
        using MemoryStream output = new();
        StoreTransfer.Export(new SessionMasterOptions { StorePath = _running.StorePath }, output, NullLogger.Instance);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static (int LittleEndian, int BigEndian) Find(byte[] file, ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        int little = file.AsSpan().IndexOf(bytes);
        Array.Reverse(bytes);
        return (little, file.AsSpan().IndexOf(bytes));
    }
}
