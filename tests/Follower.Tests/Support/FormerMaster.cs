using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>
/// A master as it was before some of the wire: it has only calls that it passes on to a real one, and of messages only the
/// fields that it knew.
/// </summary>
internal sealed class FormerMaster(FormerMaster.Real real) : Protocol.V1.Sessions.SessionsBase
{
    public override async Task<CreateSessionReply> CreateSession(CreateSessionRequest request, ServerCallContext context)
    {
        request.AbandonedNonces.Clear();
        request.Items.Clear();
        CreateSessionReply reply = await real.Client.CreateSessionAsync(request, cancellationToken: context.CancellationToken);
        reply.LongestTermMs = 0;
        reply.ClockRateBoundPpm = 0;
        return reply;
    }

    public override async Task KeepAlive(
        IAsyncStreamReader<KeepAliveRequest> requests, IServerStreamWriter<KeepAliveReply> replies, ServerCallContext context)
    {
        using AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call =
            real.Client.KeepAlive(cancellationToken: context.CancellationToken);
        while (await requests.MoveNext(context.CancellationToken))
        {
            requests.Current.Inquiries.Clear();
            await call.RequestStream.WriteAsync(requests.Current, context.CancellationToken);
            await call.ResponseStream.MoveNext(context.CancellationToken);
            call.ResponseStream.Current.LongestTermMs = 0;
            call.ResponseStream.Current.ClockRateBoundPpm = 0;
            await replies.WriteAsync(call.ResponseStream.Current, context.CancellationToken);
        }
    }

    public override async Task<SetItemReply> SetItem(SetItemRequest request, ServerCallContext context)
    {
        request.Write = null;
        return await real.Client.SetItemAsync(request, cancellationToken: context.CancellationToken);
    }

    public override async Task<CloseSessionReply> CloseSession(CloseSessionRequest request, ServerCallContext context) =>
        await real.Client.CloseSessionAsync(request, cancellationToken: context.CancellationToken);

    /// <summary>What it passes its calls on to.</summary>
    internal sealed class Real(string address) : System.IDisposable
    {
        private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://{address}");

        internal Protocol.V1.Sessions.SessionsClient Client => new(_channel);

        public void Dispose() => _channel.Dispose();
    }
}
