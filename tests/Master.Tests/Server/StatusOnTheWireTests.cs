using System;
using System.Linq;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server;

public sealed class StatusOnTheWireTests
{
    public static TheoryData<SessionStatus> Statuses => [.. Enum.GetValues<SessionStatus>().Where(status => status != SessionStatus.Ok)];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_status_arrives_as_it_was_sent(SessionStatus status)
    {
        SessionException heard = StatusOnTheWire.FromRpc(StatusOnTheWire.ToRpc(
            new SessionException(status, "why") { LeaderHint = "a:1", RetryAfterMs = 7, IsOutcomeUnknown = true }));
        Assert.Equal((status, "why", "a:1"), (heard.Status, heard.Message, heard.LeaderHint));
        Assert.Equal((7U, true), (heard.RetryAfterMs, heard.IsOutcomeUnknown));
    }

    /// <summary>A server refuses to write any other header, and the caller would hear nothing at all.</summary>
    [Theory]
    [InlineData("m\u00fcnchen:1")]
    [InlineData("a:1\r\nb: 2")]
    [InlineData("a\0:1")]
    [InlineData("\ud83d:1")]
    public void A_hint_of_a_host_that_no_header_can_have_is_left_out(string hint)
    {
        RpcException sent = StatusOnTheWire.ToRpc(new SessionException(SessionStatus.NotLeader, "why") { LeaderHint = hint });
        Assert.All(sent.Trailers, trailer => Assert.All(trailer.Value, unit => Assert.InRange(unit, ' ', '~')));
        SessionException heard = StatusOnTheWire.FromRpc(sent);
        Assert.Equal((SessionStatus.NotLeader, null), (heard.Status, heard.LeaderHint));
    }

    [Theory]
    [InlineData("99")]
    [InlineData("2147483647")]
    public void A_status_of_a_newer_master_is_a_failure_with_its_number_and_its_words(string number)
    {
        SessionException heard = StatusOnTheWire.FromRpc(new RpcException(
            new Status(StatusCode.PermissionDenied, "the cluster is frozen"), new Metadata { { "session-status", number } }));
        Assert.Equal(SessionStatus.Unsupported, heard.Status);
        Assert.Contains($"status {number}", heard.Message, StringComparison.Ordinal);
        Assert.Contains("the cluster is frozen", heard.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Method is unimplemented.", SessionStatus.Unsupported)]
    [InlineData("", SessionStatus.Unsupported)]
    [InlineData("it does not know x: Bad gRPC response. HTTP status code: 404", SessionStatus.NoMaster)]
    public void A_missing_method_is_unsupported_and_a_missing_page_is_no_master(string said, SessionStatus expected) =>
        Assert.Equal(expected, StatusOnTheWire.FromRpc(new RpcException(new Status(StatusCode.Unimplemented, said))).Status);
}
