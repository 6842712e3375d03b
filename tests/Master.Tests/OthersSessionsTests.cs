using System;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>What whoever holds a session is told of those of other servers.</summary>
public sealed class OthersSessionsTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_holder_lists_finds_and_reads_the_sessions_of_others()
    {
        Wire.CreateSessionReply asker = await _running.Client.CreateAsync("asker");
        Wire.CreateSessionReply other = await _running.Client.CreateAsync("other-1");
        await _running.Client.CreateAsync("other-2");
        await _running.Client.SetItemAsync(MasterClient.KeyOf(other), "rack", [7]);
        Wire.SessionKey key = MasterClient.KeyOf(asker);

        Wire.ListSessionsReply page = await _running.Client.Sessions.ListSessionsAsync(
            new Wire.ListSessionsRequest { Session = key, IdentityPrefix = "other-" });
        Wire.FindSessionReply found = await _running.Client.Sessions.FindSessionAsync(
            new Wire.FindSessionRequest { Session = key, Identity = "other-1" });
        Wire.ListItemsReply items = await _running.Client.Sessions.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { Session = key, SessionId = other.SessionId, Prefix = "r" });

        Assert.Equal(["other-1", "other-2"], page.Sessions.Select(row => row.Description.Identity).Order());
        Assert.Equal((0UL, other.MasterEpoch), (page.NextSessionId, page.MasterEpoch));
        Assert.Equal((other.SessionId, other.Epoch, 1U), (found.Found.SessionId, found.Found.Epoch, found.Found.ItemCount));
        Assert.Equal(other.MasterEpoch, found.MasterEpoch);
        Assert.Equal("rack", Assert.Single(items.Items).Key);
    }

    [Fact]
    public async Task Who_holds_no_session_is_told_nothing()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("asker");
        Wire.SessionKey guessed = new(key) { Nonce = key.Nonce + 1 };
        foreach ((Wire.SessionKey? caller, SessionStatus expected) in ((Wire.SessionKey?, SessionStatus)[])
            [(null, SessionStatus.InvalidArgument), (guessed, SessionStatus.WrongNonce)])
        {
            await RefusedAsync(expected, () => _running.Client.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest { Session = caller }));
            await RefusedAsync(expected, () => _running.Client.Sessions.FindSessionAsync(
                new Wire.FindSessionRequest { Session = caller, Identity = "asker" }));
            await RefusedAsync(expected, () => _running.Client.Sessions.ListSessionItemsAsync(
                new Wire.ListSessionItemsRequest { Session = caller, SessionId = key.SessionId }));
        }
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("asker");
        await RefusedAsync(SessionStatus.UnknownSession, () => _running.Client.Sessions.FindSessionAsync(
            new Wire.FindSessionRequest { Session = key, Identity = "ask" }));
        await RefusedAsync(SessionStatus.UnknownSession, () => _running.Client.Sessions.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { Session = key, SessionId = 1 }));
        await RefusedAsync(SessionStatus.InvalidArgument, () => _running.Client.Sessions.ListSessionsAsync(
            new Wire.ListSessionsRequest { Session = key, Limit = Limits.MaxSessionsPerPage + 1 }));
        await RefusedAsync(SessionStatus.TooLong, () => _running.Client.Sessions.ListSessionsAsync(
            new Wire.ListSessionsRequest { Session = key, IdentityPrefix = new string('i', Limits.MaxIdentityBytes + 1) }));
    }

    [Fact]
    public async Task No_answer_has_a_nonce_or_a_secret()
    {
        Wire.CreateSessionReply other = await _running.Client.CreateAsync("other");
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("asker");

        foreach (IMessage answer in (IMessage[])
            [
                await _running.Client.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest { Session = key }),
                await _running.Client.Sessions.FindSessionAsync(new Wire.FindSessionRequest { Session = key, Identity = "other" }),
            ])
        {
            Assert.Equal(-1, answer.ToByteArray().AsSpan().IndexOf(SecretOnTheWire.ToWire(TestConnections.Of(other.Nonce).Told.SecretHash).Span));
            Assert.DoesNotContain(answer.Descriptor.Fields.InDeclarationOrder().SelectMany(Below), field =>
                field.Name.Contains("nonce", StringComparison.Ordinal) || field.Name.Contains("secret", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("ListSessions", CallClass.List)]
    [InlineData("ListSessionItems", CallClass.List)]
    [InlineData("FindSession", CallClass.Other)]
    public void Their_answers_are_bounded_as_those_of_operators(string call, object expected) =>
        Assert.Equal((CallClass)expected, RequestKind.Of($"/interop.sessions.v1.Sessions/{call}").Class);

    private static System.Collections.Generic.IEnumerable<FieldDescriptor> Below(FieldDescriptor field) =>
        field.FieldType == FieldType.Message
            ? field.MessageType.Fields.InDeclarationOrder().SelectMany(Below).Prepend(field)
            : [field];

    private static async Task RefusedAsync<T>(SessionStatus expected, Func<AsyncUnaryCall<T>> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(expected, StatusOnTheWire.FromRpc(failure).Status);
    }
}
