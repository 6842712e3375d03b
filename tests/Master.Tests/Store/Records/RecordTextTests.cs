using System;
using System.Text;
using System.Text.Json.Nodes;
using Interop.Sessions.Master.Store.Records;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store.Records;

/// <summary>What a reader makes of records that a newer release wrote.</summary>
public sealed class RecordTextTests
{
    private const string Session =
        """
        {"kind":"session","session":"0000000000000001","epoch":5,"nonce_hash":"0000000000000002",
         "secret_hash":"00000000000000000000000000000003","identity":"one","capabilities":"0000000000000004","term_ms":1000
        """;

    [Theory]
    [InlineData(""","zone":"north"}""", """{"zone":"north"}""")]
    [InlineData(""","zone":null,"tags":[1,"a"],"of":{"kind":"nested","epoch":18446744073709551615}}""",
        """{"zone":null,"tags":[1,"a"],"of":{"kind":"nested","epoch":18446744073709551615}}""")]
    public void Members_that_are_not_known_are_skipped_and_written_again(string more, string unknown)
    {
        StoreChange.PutSession put = Assert.IsType<StoreChange.PutSession>(Read(Session + more));
        Assert.Equal((1UL, 5UL, 2UL, (UInt128)3), (put.Key.SessionId, put.Key.Epoch, put.Key.Nonce, put.SecretHash.Value));
        Assert.Equal(unknown, put.Unknown);

        JsonNode written = JsonNode.Parse(RecordText.Write(put with { IsRevoked = true }))!;
        JsonNode expected = JsonNode.Parse(Session + more)!;
        expected["is_revoked"] = true;
        (expected["host_name"], expected["process_id"], expected["endpoints"]) = ("", 0, new JsonArray());
        Assert.True(JsonNode.DeepEquals(expected, written), written.ToJsonString());
    }

    [Fact]
    public void A_record_without_anything_unknown_carries_nothing() => Assert.Null(Read(Session + "}")!.Unknown);

    [Theory]
    [InlineData("""{"kind":"lock","session":"0000000000000001","until":5}""")]
    [InlineData("""{"kind":"lock"}""")]
    [InlineData("""{"kind":"assignment","session":"0000000000000001","access_point":4,"object":"share"}""")]
    public void A_record_of_a_kind_that_is_not_known_is_none(string text) => Assert.Null(Read(text));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"session":"0000000000000001","of":{"kind":"lock"}}""")]
    [InlineData("""{"kind":"session","session":"0000000000000001"}""")]
    [InlineData("""{"kind":5}""")]
    [InlineData("""{"kind":"item","session":"0000000000000001","key":null,"value":"AQ==","revision":6}""")]
    [InlineData(Session + ""","endpoints":[null]}""")]
    [InlineData(Session + ""","endpoints":[{"kind":1}]}""")]
    [InlineData(Session + ""","endpoints":[{"kind":-1,"address":"a"}]}""")]
    [InlineData(Session + ""","zone":"\ud83d"}""")]
    [InlineData(Session + ""","zone":{"name":["\udc00"]}}""")]
    [InlineData(Session + ""","\ud83d":1}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void What_no_release_writes_is_refused(string text)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Read(text));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("line 7", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"state","master_epoch":1,"revision":2,"format":3,"min_reader":2}""", 3, 2)]
    [InlineData("""{"kind":"state","master_epoch":1,"revision":2,"format":3}""", 3, 3)]
    [InlineData("""{"kind":"state","master_epoch":1,"revision":2}""", StoreFormat.Known, StoreFormat.LowestReader)]
    public void A_state_says_who_may_read_it(string text, int format, int minReader) => Assert.Equal(
        new StoreFormat(format, minReader),
        Assert.IsType<StateRecord>(RecordText.Read(Encoding.UTF8.GetBytes(text), "line 7")).StoreFormat);

    private static StoreChange? Read(string text) => RecordText.ReadPut(Encoding.UTF8.GetBytes(text), "line 7");
}
