using System;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>What was refused is counted, by request and status.</summary>
public sealed class RefusedCallsTests : IDisposable
{
    /// <summary>More than any test beside this one sends of them.</summary>
    private const int Calls = 50;

    private readonly RunningMaster _running = new();
    private readonly MeterListener _listener = new();
    private int _unparsed;
    private int _overloaded;

    public RefusedCallsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "interop_sessions.master.refused_calls")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            switch ($"{tags[0].Key} {tags[0].Value}, {tags[1].Key} {tags[1].Value}")
            {
                case "request RemoveItemRequest, status InvalidArgument":
                    Interlocked.Add(ref _unparsed, (int)count);
                    break;
                case "request KeepAliveRequest, status Overloaded":
                    Interlocked.Add(ref _overloaded, (int)count);
                    break;
                default:
                    break;
            }
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _running.Dispose();
    }

    [Fact]
    public async Task Messages_that_make_no_sense()
    {
        Marshaller<byte[]> raw = Marshallers.Create(bytes => bytes, bytes => bytes);
        Method<byte[], byte[]> remove = new(MethodType.Unary, Wire.Sessions.Descriptor.FullName, "RemoveItem", raw, raw);
        for (int i = 0; i < Calls; i++)
        {
            await MasterClient.AssertRefusedAsync(
                SessionStatus.InvalidArgument,
                async () => await _running.Client.Calls.AsyncUnaryCall(remove, null, default, [0xff, 0xff]));
        }

        await Eventually.IsTrueAsync(() => Volatile.Read(ref _unparsed) >= Calls, "all are counted");
    }

    [Fact]
    public async Task Streams_beyond_a_connections_share()
    {
        Wire.SessionKey nobody = new() { SessionId = 1, Epoch = 1, Nonce = 1 };
        RenewalStream[] streams = new RenewalStream[Limits.MaxKeepAliveStreamsPerConnection];
        for (int i = 0; i < streams.Length; i++)
        {
            streams[i] = _running.Client.OpenStream();
            Assert.Equal(SessionStatus.UnknownSession, await streams[i].StatusOfAsync(nobody));
        }

        using (RenewalStream another = _running.Client.OpenStream())
        {
            await MasterClient.AssertRefusedAsync(SessionStatus.Overloaded, () => another.StatusOfAsync(nobody));
        }

        await Eventually.IsTrueAsync(() => Volatile.Read(ref _overloaded) >= 1, "it is counted");
        Array.ForEach(streams, stream => stream.Dispose());
    }
}
