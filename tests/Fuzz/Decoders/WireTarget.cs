using System;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Follower.Client;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>
/// Messages as they come from a stranger: the first byte says which call's, the rest is the message. It is parsed as the server and the
/// client do, and what the server asks of its fields is asked.
/// </summary>
internal static class WireTarget
{
    private static readonly Func<byte[], IMessage>[] s_parsers =
    [
        Parser(m => m.RequestMarshaller, MethodOf<CreateSessionRequest, CreateSessionReply>("CreateSession")),
        Parser(m => m.RequestMarshaller, MethodOf<ReattachSessionRequest, CreateSessionReply>("ReattachSession")),
        Parser(m => m.RequestMarshaller, MethodOf<KeepAliveRequest, KeepAliveReply>("KeepAlive")),
        Parser(m => m.RequestMarshaller, MethodOf<SetItemRequest, SetItemReply>("SetItem")),
        Parser(m => m.RequestMarshaller, MethodOf<ApplyItemsRequest, ApplyItemsReply>("ApplyItems")),
        Parser(m => m.RequestMarshaller, MethodOf<ReportDataRequest, ReportDataReply>("ReportData")),
        Parser(m => m.RequestMarshaller, MethodOf<ListSessionsRequest, ListSessionsReply>("ListSessions")),
        Parser(m => m.ResponseMarshaller, MethodOf<CreateSessionRequest, CreateSessionReply>("CreateSession")),
        Parser(m => m.ResponseMarshaller, MethodOf<KeepAliveRequest, KeepAliveReply>("KeepAlive")),
        Parser(m => m.ResponseMarshaller, MethodOf<ListSessionsRequest, ListSessionsReply>("ListSessions")),
        Parser(m => m.ResponseMarshaller, MethodOf<FindSessionRequest, FindSessionReply>("FindSession")),
        Parser(m => m.ResponseMarshaller, MethodOf<GetItemRequest, GetItemReply>("GetItem")),
        Parser(m => m.ResponseMarshaller, MethodOf<ReportDataRequest, ReportDataReply>("ReportData")),
    ];

    internal static FuzzTarget Target { get; } = new("wire", Run) { MostBytes = 1024 };

    private static void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        IMessage message;
        try
        {
            message = s_parsers[input[0] % s_parsers.Length](input[1..]);
        }
        catch (RpcException refusal)
        {
            SessionStatus status = StatusOnTheWire.FromRpc(refusal).Status;
            Expect.That(status is SessionStatus.InvalidArgument or SessionStatus.TooLong, $"a message is refused with {status}");
            return;
        }

        Expect.That(message.ToByteArray().Length <= MessageBounds.Of(message.GetType()), "a message grows by being read");
        try
        {
            Take(message);
        }
        catch (SessionException refusal)
        {
            Expect.That(IsMistake(refusal.Status), $"{message.Descriptor.Name} is refused with {refusal.Status}");
        }
    }

    private static bool IsMistake(SessionStatus status) => status
        is SessionStatus.InvalidArgument or SessionStatus.TooLong or SessionStatus.ItemTooLarge or SessionStatus.Unsupported;

    private static void Take(IMessage message)
    {
        switch (message)
        {
            case CreateSessionRequest request:
                Sound(WireInput.Description(request.Description));
                WireInput.Nonce(request.Nonce);
                WireInput.Abandoned(request.AbandonedNonces);
                SecretOnTheWire.HashFromWire(request.SecretHash);
                foreach (Sessions.Item item in WireInput.Items(request.Items))
                {
                    Sound(item.Key, Limits.MaxItemKeyBytes);
                }

                break;
            case ReattachSessionRequest request:
                Sound(WireInput.Text("identity", request.Identity, Limits.MaxIdentityBytes), Limits.MaxIdentityBytes);
                Expect.Same(request.Secret, SecretOnTheWire.ToWire(SecretOnTheWire.FromWire(request.Secret)), "the secret");
                SecretOnTheWire.HashFromWire(request.SecretHash);
                break;
            case SetItemRequest request:
                WireInput.Key(request.Session);
                WireInput.Write(request.Write);
                Sound(WireInput.Text("key", request.Key, Limits.MaxItemKeyBytes), Limits.MaxItemKeyBytes);
                break;
            case ApplyItemsRequest request:
                Sessions.ItemChanges.Require(WireInput.ItemChanges(request.Changes));
                break;
            case ReportDataRequest request:
                WireInput.Window(request.Window);
                break;
            case KeepAliveReply reply:
                Expect.Same(reply.Renewals.Count, RenewalsOnTheWire.Answers(reply).Count, "answers");
                break;
            case ListSessionsReply reply:
                foreach (Protocol.V1.SessionRow row in reply.Sessions)
                {
                    AnswersOnTheWire.Of(row, reply.MasterEpoch, Ns.PerSecond);
                }

                break;
            case FindSessionReply reply:
                AnswersOnTheWire.Of(reply.Found, reply.MasterEpoch, Ns.PerSecond);
                break;
            case GetItemReply reply:
                AnswersOnTheWire.Of(reply.Item);
                break;
            case ReportDataReply reply:
                AnswersOnTheWire.Of(reply.Next);
                break;
            default:
                break;
        }
    }

    private static void Sound(Sessions.ServerDescription description)
    {
        Sound(description.Identity, Limits.MaxIdentityBytes);
        Sound(description.HostName, Limits.MaxHostNameBytes);
        Expect.That(description.Identity.Length > 0, "a server has no name");
        Expect.That(description.Endpoints.Count <= Limits.MaxEndpointsPerServer, "too many endpoints");
        foreach (Sessions.Endpoint endpoint in description.Endpoints)
        {
            Sound(endpoint.Address, Limits.MaxEndpointBytes);
            Expect.That(endpoint.Address.Length > 0 && AccessPointKinds.IsKnown(endpoint.Kind), $"endpoint {endpoint}");
        }
    }

    /// <summary>What has passed is UTF-8 without NUL, within its limit: the C ABI hands it to hosts as such.</summary>
    internal static void Sound(string text, int mostBytes)
    {
        Expect.That(!text.Contains('\0', StringComparison.Ordinal), "a NUL has passed");
        Expect.That(Strict.GetByteCount(text) <= mostBytes, "a text that is too long has passed");
    }

    internal static System.Text.UTF8Encoding Strict { get; } = new(false, throwOnInvalidBytes: true);

    private static Method<TRequest, TResponse> MethodOf<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => MessageBounds.Bound(new Method<TRequest, TResponse>(
            MethodType.Unary, "fuzz", name, MarshallerOf<TRequest>(), MarshallerOf<TResponse>()));

    // As Grpc.Tools generates them.
    private static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new()
    {
        MessageParser<T> parser = new(() => new T());
        return Marshallers.Create<T>(
            (message, context) => context.Complete(message.ToByteArray()), context => parser.ParseFrom(context.PayloadAsNewBuffer()));
    }

    private static Func<byte[], IMessage> Parser<TRequest, TResponse, T>(
        Func<Method<TRequest, TResponse>, Marshaller<T>> side, Method<TRequest, TResponse> method) =>
        bytes => (IMessage)side(method).ContextualDeserializer(new Received(bytes))!;

    private sealed class Received(byte[] bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => bytes;
    }
}
