using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>What recorded releases stored and said means today what it meant then. tests/record-formats records a release.</summary>
public sealed class RecordedTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Releases => RecordedFolder.Releases;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Releases))]
    public void Its_file_is_read_and_led_on(string release) => AssertFile(RecordedFolder.Of(release));

    [Theory]
    [MemberData(nameof(Releases))]
    public void Its_export_fills_a_store(string release) => AssertExport(RecordedFolder.Of(release));

    [Theory]
    [MemberData(nameof(Releases))]
    public void Its_keys_and_values_in_etcd_are_read(string release) => AssertEtcd(RecordedFolder.Of(release));

    [Theory]
    [MemberData(nameof(Releases))]
    public void Its_messages_say_what_they_said(string release) => AssertMessages(RecordedFolder.Of(release));

    [Theory]
    [MemberData(nameof(Releases))]
    public Task Its_peers_are_answered_as_they_were(string release) => AssertCallsAsync(RecordedFolder.Of(release));

    [Fact]
    public async Task What_this_release_stores_and_says_can_be_recorded()
    {
        // With a folder in the environment, the recording stays there: that is how a release is recorded.
        string path = Environment.GetEnvironmentVariable("INTEROP_SESSIONS_RECORD") ?? _directory.File("recorded");
        await Recording.WriteAsync(path);
        RecordedFolder folder = new(path);
        AssertFile(folder);
        AssertExport(folder);
        AssertEtcd(folder);
        AssertMessages(folder);
        await AssertCallsAsync(folder);
    }

    private void AssertFile(RecordedFolder folder)
    {
        string path = _directory.File($"{Guid.NewGuid()}.db");
        File.Copy(folder.Store, path);
        using SqliteSessionStore store = new(path, 0, create: false);
        StoreSnapshot read = store.Read();
        ContentText.AssertSame(RecordedFolder.Read(folder.Content), read);
        StoreSnapshot led = store.Lead(Stored.LeadNow());
        Assert.True(led.Revision > read.Revision && led.MasterEpoch > read.MasterEpoch);
        Assert.Equal(read.Content.Count(), led.Content.Count());
    }

    // Counters are the new store's own, and who was silent when the export was made may have been heard of since.
    private static string[] AsImported(string[] row) => row[0] == "state"
        ? row[..2]
        : [.. row.Select(word => word.StartsWith("suspect_ms=", StringComparison.Ordinal) ? "suspect_ms=none" : word)];

    private void AssertExport(RecordedFolder folder)
    {
        SessionMasterOptions options = new() { StorePath = _directory.File($"{Guid.NewGuid()}.db") };
        using FileStream input = File.OpenRead(folder.Export);
        StoreTransfer.Import(options, input, NullLogger.Instance);
        using SqliteSessionStore store = new(options.StorePath, 0, create: false);
        StoreSnapshot read = store.Read();
        IEnumerable<string[]> words = RecordedFolder.Read(folder.Content);
        ContentText.AssertSame(words.Select(AsImported), read, isFilled: true);
        Assert.True(read.IsRestored);
    }

    private static void AssertEtcd(RecordedFolder folder)
    {
        Dictionary<string, byte[]> keys = RecordedFolder.Read(folder.Etcd)
            .ToDictionary(row => row[0], row => Encoding.UTF8.GetBytes(row[1]));
        Assert.True(keys.Remove("/state", out byte[]? text));
        StateRecord state = Assert.IsType<StateRecord>(RecordText.Read(text, "/state"));
        state.StoreFormat.RequireReadable("/state");
        ContentText.AssertSame(RecordedFolder.Read(folder.Content), new StoreSnapshot
        {
            MasterEpoch = state.MasterEpoch,
            Revision = state.Revision,
            FormerRevision = state.Revision,
            LengthenedTermMs = state.LengthenedTermMs,
            Content = keys.Select(pair => RecordText.ReadPut(pair.Value, pair.Key)!),
        });
    }

    private static void AssertMessages(RecordedFolder folder)
    {
        string[][] recorded = [.. RecordedFolder.Read(folder.Messages)];
        Assert.NotEmpty(recorded);
        foreach (string[] row in recorded)
        {
            MessageDescriptor type = Assert.Single(WireText.All, type => type.Name == row[0]);
            IMessage message = type.Parser.ParseFrom(ByteString.FromBase64(row[1]));
            Assert.Equal(row[2], WireText.Of(message));
            // Nothing of it is unknown, and nothing is said twice.
            Assert.Equal(row[1], message.ToByteString().ToBase64());
            Assert.Equal(row[1], type.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteString()).ToByteString().ToBase64());
        }
    }

    private static async Task AssertCallsAsync(RecordedFolder folder)
    {
        using RecordedMaster master = new(folder.Store);
        int calls = 0;
        foreach (string[] row in RecordedFolder.Read(folder.Calls))
        {
            (string method, string said) = (row[0], row[3]);
            string call = $"call {++calls}, {method}";
            (byte[]? reply, SessionException? failure) = await master.SendAsync(method, Convert.FromBase64String(row[1]));
            if (row[2] == "-")
            {
                Assert.True(said == $"{failure?.Status}", $"{call}: {said} was answered, now it is {failure?.Status ?? SessionStatus.Ok}");
                continue;
            }

            Assert.True(reply != null, $"{call}: {failure?.Status}, {failure?.Message}");
            MessageParser parser = WireText.ReplyOf(method).Parser;
            string today = WireText.OfReply(method, parser.ParseFrom(reply));
            Assert.True(WireText.Says(JsonNode.Parse(today), JsonNode.Parse(said)), $"{call}: it was {said}, now it is {today}");
            // A follower of today with a master of then.
            Assert.Equal(said, WireText.OfReply(method, parser.ParseFrom(ByteString.FromBase64(row[2]))));
        }

        Assert.True(calls > 0);
    }
}
