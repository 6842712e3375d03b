using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Protocol;

/// <summary>
/// How large each kind of message may be. Looked at before a message is parsed: a field that repeats costs thirty times in
/// memory what it costs on the wire.
/// </summary>
public static class MessageBounds
{
    /// <summary>Bytes of a message that carries no value, no pids and no list: the longest is a batch of renewals.</summary>
    public const int Usual = Limits.UsualMessageBytes;

    /// <summary>The largest request of all, in bytes: a server need buffer no more.</summary>
    public const int LargestRequest = (int)Limits.MaxItemBytes + Usual;

    /// <summary>A varint of 64 bits.</summary>
    private const int BytesOfPid = 10;

    /// <summary>Three such varints or fixed numbers, with their tags, and a tag and a length around them; rounded up.</summary>
    private const int BytesOfSessionKey = 40;

    private static readonly Dictionary<Type, int> s_others = new()
    {
        [typeof(KeepAliveRequest)] = Limits.MaxRenewalsPerMessage * BytesOfSessionKey,
        [typeof(CreateSessionRequest)] = LargestRequest,
        [typeof(SetItemRequest)] = LargestRequest,
        [typeof(ApplyItemsRequest)] = LargestRequest,
        [typeof(GetItemReply)] = LargestRequest,
        [typeof(ReportDataRequest)] = (Limits.MaxPidsPerReport * BytesOfPid) + Usual,
        [typeof(ListItemsReply)] = Limits.MaxMessageBytes,
        [typeof(ListSessionsReply)] = Limits.MaxMessageBytes,
        [typeof(ListEndsReply)] = Limits.MaxMessageBytes,
        // A page, and one change, whose values are those of one write.
        [typeof(WatchReply)] = 2 * LargestRequest,
        [typeof(ListAccessPointsReply)] = Limits.MaxMessageBytes,
    };

    private static readonly ConcurrentDictionary<IMethod, IMethod> s_bounded = new();

    /// <summary>The bound of a kind of message, in bytes.</summary>
    public static int Of(Type message) => s_others.GetValueOrDefault(message, Usual);

    /// <summary>
    /// The method, whose messages are refused unparsed if they are larger than their kind ever is, and with a status of ours
    /// if they make no sense.
    /// </summary>
    public static Method<TRequest, TResponse> Bound<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        (Method<TRequest, TResponse>)s_bounded.GetOrAdd(method, _ => new Method<TRequest, TResponse>(
            method.Type, method.ServiceName, method.Name, Bound(method.RequestMarshaller), Bound(method.ResponseMarshaller)));

    private static Marshaller<T> Bound<T>(Marshaller<T> marshaller)
        where T : class =>
        Marshallers.Create<T>(Serialize, context => Parse(marshaller, context));

    /// <summary>
    /// Not straight into the server's buffers: of a stream that was reset meanwhile Kestrel gives out empty ones, and protobuf
    /// asks for the next forever, on a thread that never comes back.
    /// </summary>
    private static void Serialize<T>(T message, SerializationContext context)
        where T : class => context.Complete(((IMessage)message).ToByteArray());

    private static T Parse<T>(Marshaller<T> marshaller, DeserializationContext context)
    {
        int bound = Of(typeof(T));
        if (context.PayloadLength > bound)
        {
            throw StatusOnTheWire.ToRpc(new SessionException(
                SessionStatus.TooLong, $"{typeof(T).Name} has {context.PayloadLength} bytes; the limit is {bound}"));
        }

        try
        {
            return marshaller.ContextualDeserializer(context);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw StatusOnTheWire.ToRpc(new SessionException(
                SessionStatus.InvalidArgument, $"{typeof(T).Name} does not parse: {error.Message}", error));
        }
    }
}
