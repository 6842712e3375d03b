using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>Messages that are larger than their kind ever is, compressed, or no messages at all.</summary>
public sealed class MessageBoundsTests : IDisposable
{
    private static readonly Marshaller<byte[]> s_raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public void The_largest_message_of_each_kind_that_is_valid_is_within_its_bound()
    {
        foreach (MessageDescriptor kind in Kinds())
        {
            IMessage message = Largest(kind);
            int bound = MessageBounds.Of(kind.ClrType);
            Assert.True(
                message.CalculateSize() <= bound, $"{kind.Name} may have {message.CalculateSize()} bytes; its bound is {bound}");
        }
    }

    [Fact]
    public async Task Reasons_of_revocations_leave_a_reply_to_renewals_within_its_bound()
    {
        string reason = new('r', Limits.MaxReasonBytes);
        int most = Limits.MaxReasonBytesPerReply / Limits.MaxReasonBytes;
        KeepAliveRequest request = new() { BatchId = 1 };
        for (int i = 0; i < most + 5; i++)
        {
            Wire.SessionKey key = await _running.Client.CreateKeyAsync($"server-{i}");
            _running.Master.RevokeSession(key.SessionId, key.Epoch, reason);
            request.Renewals.Add(key);
        }

        RenewalsAnswered answered = _running.Master.Verbs.KeepAlive(RenewalMessages.Of(request, new KnownNonces()), BootClock.NowNs, "");
        KeepAliveReply reply = RenewalMessages.ToWire(request.BatchId, answered.Head, answered.Answers);

        Assert.All(reply.Renewals, renewal => Assert.Equal(Wire.Status.SessionRevoked, renewal.Status));
        Assert.Equal(Enumerable.Repeat(reason, most).Concat(Enumerable.Repeat("", 5)), reply.Renewals.Select(renewal => renewal.Text));
        Assert.InRange(reply.CalculateSize(), 0, MessageBounds.Of(typeof(KeepAliveReply)));
    }

    [Fact]
    public void No_request_has_a_larger_bound_than_what_a_server_takes_at_all() =>
        Assert.All(
            Services().SelectMany(service => service.Methods).Select(method => method.InputType),
            request => Assert.True(MessageBounds.Of(request.ClrType) <= MessageBounds.LargestRequest, request.Name));

    [Theory]
    [InlineData(30_000, "has 60000 bytes")]
    [InlineData(500_000, "has 1000000 bytes")]
    public async Task A_batch_of_countless_renewals_is_refused_before_it_is_parsed(int count, string told)
    {
        byte[] renewals = [.. Enumerable.Repeat<byte[]>([0x12, 0x00], count).SelectMany(bytes => bytes)];

        using AsyncDuplexStreamingCall<byte[], byte[]> call = _running.Client.Calls.AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, Wire.Sessions.Descriptor.FullName, "KeepAlive", s_raw, s_raw),
            null, default);

        // It is refused while it is still being sent, which ends the sending in one way or another; the answer says why.
        Task sending = call.RequestStream.WriteAsync(renewals, TestContext.Current.CancellationToken);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong,
            () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken),
            $"{nameof(KeepAliveRequest)} {told}", $"{MessageBounds.Of(typeof(KeepAliveRequest))}");
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Pids_beyond_a_report_are_refused_before_they_are_parsed() =>
        await AssertRawRefusedAsync(
            "ReportData", [0x1a, 0x80, 0x80, 0x40, .. new byte[1024 * 1024]], SessionStatus.TooLong, nameof(ReportDataRequest));

    [Fact]
    public async Task A_request_beyond_all_bounds_is_refused() =>
        await AssertRawRefusedAsync(
            "SetItem", new byte[MessageBounds.LargestRequest + 1], SessionStatus.TooLong,
            $"SetItemRequest has {MessageBounds.LargestRequest + 1} bytes");

    [Theory]
    [InlineData("CreateSession", new byte[] { 0x0a, 0x05, 0x01 })]
    [InlineData("CreateSession", new byte[] { 0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28 })]
    [InlineData("SetItem", new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff })]
    public async Task What_does_not_parse_is_refused_by_the_messages_name(string method, byte[] bytes) =>
        await AssertRawRefusedAsync(method, bytes, SessionStatus.InvalidArgument, $"{method}Request does not parse");

    [Fact]
    public async Task A_compressed_message_is_refused()
    {
        Metadata compressed = new() { { "grpc-internal-encoding-request", "gzip" } };

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await _running.Client.Sessions.CreateSessionAsync(
                MasterClient.RequestFor("compressed"), compressed, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
        Assert.Empty(_running.Master.ListSessions().Rows);
    }

    private async Task AssertRawRefusedAsync(string method, byte[] bytes, SessionStatus expected, string said) =>
        await MasterClient.AssertRefusedAsync(
            expected,
            async () => await _running.Client.Calls.AsyncUnaryCall(
                new Method<byte[], byte[]>(MethodType.Unary, Wire.Sessions.Descriptor.FullName, method, s_raw, s_raw),
                null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), bytes),
            said);

    private static ServiceDescriptor[] Services() => [Wire.Sessions.Descriptor, Administration.Descriptor];

    private static IEnumerable<MessageDescriptor> Kinds() => Services()
        .SelectMany(service => service.Methods)
        .SelectMany(method => new[] { method.InputType, method.OutputType })
        .Distinct()
        .Where(kind => kind != ListItemsReply.Descriptor && kind != ListSessionsReply.Descriptor);

    /// <summary>Each field as large as its limit lets it be; lists are whole stores, and bounded as such.</summary>
    private static IMessage Largest(MessageDescriptor kind)
    {
        IMessage message = (IMessage)Activator.CreateInstance(kind.ClrType)!;
        foreach (FieldDescriptor field in kind.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated)
            {
                System.Collections.IList list = (System.Collections.IList)field.Accessor.GetValue(message);
                int count = field.Name switch
                {
                    "pids" => Limits.MaxPidsPerReport,
                    "ends" => (int)Limits.MaxEndsPerPage,
                    "drains" => (int)Limits.MaxDrainsPerPage,
                    "access_points" => (int)Limits.MaxAccessPointsPerPage,
                    // Together with inquiries, of which more may be said.
                    "renewals" when kind == KeepAliveRequest.Descriptor => 0,
                    "renewals" or "inquiries" or "gate_closed" => Limits.MaxRenewalsPerMessage,
                    "abandoned_nonces" => Limits.MaxAbandonedNonces,
                    // Of a list of items see above.
                    "items" or "changes" => Limits.MaxItemChanges,
                    "endpoints" => Limits.MaxEndpointsPerServer,
                    // Of the largest change, a create with its items; a page of smaller ones is bounded by its bytes.
                    "events" => 1 + Limits.MaxItemChanges,
                    _ => throw new InvalidOperationException($"{kind.Name}.{field.Name}: how many may there be?"),
                };
                for (int i = 0; i < count; i++)
                {
                    list.Add(LargestValue(field));
                }
            }
            else
            {
                field.Accessor.SetValue(message, LargestValue(field));
            }
        }

        // All together have the bytes of one.
        foreach (Wire.Item item in (message as CreateSessionRequest)?.Items.Skip(1) ?? [])
        {
            item.Value = ByteString.Empty;
        }

        foreach (Wire.ItemChange change in (message as ApplyItemsRequest)?.Changes.Skip(1) ?? [])
        {
            change.Value = ByteString.Empty;
        }

        foreach (WatchEvent said in (message as WatchReply)?.Events.Skip(1) ?? [])
        {
            said.Item.Value = ByteString.Empty;
        }

        if (message is KeepAliveReply reply)
        {
            // What SessionVerbs.KeepAlive leaves out: see the test of it.
            foreach (Renewal renewal in reply.Renewals.Skip(Limits.MaxReasonBytesPerReply / Limits.MaxReasonBytes))
            {
                renewal.Text = "";
            }
        }

        return message;
    }

    private static object LargestValue(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => true,
        FieldType.Message => Largest(field.MessageType),
        FieldType.UInt64 or FieldType.Fixed64 => ulong.MaxValue,
        FieldType.UInt32 => uint.MaxValue,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, -1),
        FieldType.Bytes => ByteString.CopyFrom(new byte[field.Name is "secret" or "secret_hash" ? 16 : Limits.MaxItemBytes]),
        FieldType.String => new string('x', field.Name == "text" ? Limits.MaxReasonBytes : 256),
        _ => throw new InvalidOperationException($"{field.FullName} is a {field.FieldType}"),
    };
}
