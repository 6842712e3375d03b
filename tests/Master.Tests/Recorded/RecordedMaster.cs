using System;
using System.IO;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>A master that leads on a copy of a recorded store, and is sent bytes.</summary>
internal sealed class RecordedMaster : IDisposable
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly TemporaryDirectory _directory = new();
    private readonly SessionMaster _master;
    private readonly MasterClient _client;

    internal RecordedMaster(string store)
    {
        string copy = _directory.File("sessions.db");
        File.Copy(store, copy);
        RecordingAccessManager hooks = new() { OnDataReport = report => new ReportWindow(7, 8) };
        _master = SessionMaster.Start(
            new SessionMasterOptions { ListenAddress = "127.0.0.1:0", StorePath = copy, Insecure = Insecure.Loopback }, hooks, NullLoggerFactory.Instance);
        _client = new MasterClient(_master.Port);
    }

    /// <summary>The reply, or the failure.</summary>
    internal async Task<(byte[]? Reply, SessionException? Failure)> SendAsync(string method, byte[] request)
    {
        string[] parts = method.Split('/');
        CallInvoker invoker = _client.Calls;
        CallOptions options = new(deadline: DateTime.UtcNow.AddSeconds(60));
        try
        {
            if (parts[2] != "KeepAlive")
            {
                Method<byte[], byte[]> unary = new(MethodType.Unary, parts[1], parts[2], s_bytes, s_bytes);
                return (await invoker.AsyncUnaryCall(unary, null, options, request), null);
            }

            Method<byte[], byte[]> stream = new(MethodType.DuplexStreaming, parts[1], parts[2], s_bytes, s_bytes);
            using AsyncDuplexStreamingCall<byte[], byte[]> call = invoker.AsyncDuplexStreamingCall(stream, null, options);
            await call.RequestStream.WriteAsync(request);
            await call.ResponseStream.MoveNext(default);
            return (call.ResponseStream.Current, null);
        }
        catch (RpcException error)
        {
            return (null, StatusOnTheWire.FromRpc(error));
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _master.Stop();
        _directory.Dispose();
    }
}
