using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Master.Tests.Server.Rights;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Watches over real gRPC.</summary>
public sealed class WatchTests : IDisposable
{
    private const uint Created = (uint)SessionEventKind.Created;
    private const uint Ended = (uint)SessionEventKind.Ended;
    private const uint ItemSet = (uint)SessionEventKind.ItemSet;
    private const uint StateEnds = (uint)SessionEventKind.StateEnds;

    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task All_that_there_is_comes_first_and_then_what_changes_in_order()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        await _running.Client.SetItemAsync(key, "k", [1]);
        using WatchReader watch = Open(new Wire.WatchRequest { WithState = true });
        await watch.UntilAsync(said => said.Kind == StateEnds);
        Assert.Equal([9u, Created, ItemSet, StateEnds], watch.Said.Select(said => said.Kind));
        Assert.Equal("a", watch.Said[1].Description.Identity);
        Assert.True(watch.Revision > 0);

        watch.Said.Clear();
        await _running.Client.FindNfsAsync(key, "volume");
        ulong revision = await _running.Client.SetItemAsync(key, "k", [2]);
        await _running.Client.Administration.RevokeSessionAsync(
            new Wire.RevokeSessionRequest { SessionId = key.SessionId, Epoch = key.Epoch, Reason = "moved" });
        await _running.Client.CloseAsync(key);
        Wire.WatchEvent ended = await watch.UntilAsync(said => said.Kind == Ended);

        Assert.Equal([6u, ItemSet, 2u, Ended], watch.Said.Select(said => said.Kind));
        Assert.Equal(watch.Said.Select(said => said.Revision).Order(), watch.Said.Select(said => said.Revision));
        Assert.Equal(("volume", key.SessionId), (watch.Said[0].Object, watch.Said[0].SessionId));
        Assert.Equal((revision, revision, 2), (watch.Said[1].Revision, watch.Said[1].Item.Revision, watch.Said[1].Item.Value[0]));
        Assert.Equal(((uint)SessionFlags.Revoking, "moved"), (watch.Said[2].Flags, watch.Said[2].Text));
        Assert.Equal(((uint)SessionEndReason.Revoked, key.Epoch), (ended.Reason, ended.Epoch));
        Assert.Equal(ended.Revision, watch.Revision);
    }

    [Fact]
    public async Task What_is_not_asked_for_is_not_said_and_how_far_it_is_is_said_at_once_and_again()
    {
        using WatchReader watch = Open(new Wire.WatchRequest { Kinds = 2, IdentityPrefix = "b", ItemKeyPrefix = "lo", ProgressMs = 100 });
        Assert.Empty((await watch.NextAsync()).Events);
        ulong began = watch.Revision;
        Wire.SessionKey other = await _running.Client.CreateKeyAsync("a");
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("b");
        await _running.Client.SetItemAsync(other, "load", [1]);
        await _running.Client.SetItemAsync(key, "other", [1]);
        ulong revision = await _running.Client.SetItemAsync(key, "load", [1]);

        await watch.UntilAsync(_ => true);

        Assert.Equal(("b", "load"), (watch.Said[0].Identity, watch.Said[0].Item.Key));
        Assert.True(began < revision && watch.Revision >= revision);
        Assert.Empty((await watch.NextAsync()).Events);
        Assert.Single(watch.Said);
    }

    [Fact]
    public async Task A_watch_goes_on_over_a_restart_without_a_gap_or_is_told_that_it_cannot()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        ulong early, known;
        using (WatchReader watch = Open(new Wire.WatchRequest { WithState = true }))
        {
            await watch.UntilAsync(said => said.Kind == StateEnds);
            early = watch.Revision;
            known = await _running.Client.SetItemAsync(key, "k", [1]);
            await watch.UntilAsync(said => said.Revision == known);
            Assert.Equal(known, watch.Revision);
            Task end = watch.ToEndAsync();
            _running.Master.Stop();
            await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => end);
        }

        _running.Restart();
        ulong next = await _running.Client.SetItemAsync(key, "k", [2]);
        using WatchReader resumed = Open(new Wire.WatchRequest { AfterRevision = known });
        await resumed.UntilAsync(said => said.Revision == next);
        Assert.Single(resumed.Said);
        using WatchReader late = Open(new Wire.WatchRequest { AfterRevision = early });
        await MasterClient.AssertRefusedAsync(SessionStatus.Compacted, late.NextAsync, $"{early}");
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_told_and_keeps_nobody_waiting()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        using WatchReader slow = Open(new Wire.WatchRequest());
        await slow.NextAsync();
        using RenewalStream stream = _running.Client.OpenStream();
        ByteString value = ByteString.CopyFrom(new byte[Limits.DefaultMaxItemBytes]);
        Wire.ItemChange[] changes = [.. Enumerable.Range(0, 12).Select(i => new Wire.ItemChange { Kind = 1, Key = $"k{i}", Value = value })];

        // Twice what the history keeps, while the reader reads nothing.
        for (long bytes = 0; bytes < 2 * Limits.MaxWatchBytes; bytes += changes.Length * value.Length)
        {
            await _running.Client.Sessions.ApplyItemsAsync(new Wire.ApplyItemsRequest { Session = key, Changes = { changes } });
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        }

        await MasterClient.AssertRefusedAsync(SessionStatus.Compacted, slow.ToEndAsync);
        Assert.All(slow.Said, said => Assert.Equal(ItemSet, said.Kind));
        Assert.True(slow.Said.Count < 2 * Limits.MaxWatchBytes / value.Length);
    }

    [Fact]
    public async Task A_holders_watch_lasts_as_long_as_its_session()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        using WatchReader watch = Open(new Wire.WatchRequest { Session = key });
        await watch.NextAsync();
        await _running.Client.CloseAsync(key);

        await MasterClient.AssertRefusedAsync(SessionStatus.SessionClosed, watch.ToEndAsync);
        using WatchReader ofNobody = Open(new Wire.WatchRequest { Session = new Wire.SessionKey(key) { Epoch = key.Epoch + 1 } });
        await MasterClient.AssertRefusedAsync(SessionStatus.SessionClosed, ofNobody.NextAsync);
    }

    [Fact]
    public async Task A_connection_has_so_many_watches_and_no_more()
    {
        List<WatchReader> watches = [];
        for (int i = 0; i < Limits.MaxWatchesPerConnection; i++)
        {
            watches.Add(Open(new Wire.WatchRequest()));
            await watches[^1].NextAsync();
        }

        using WatchReader tooMany = Open(new Wire.WatchRequest());
        await MasterClient.AssertRefusedAsync(SessionStatus.Overloaded, tooMany.NextAsync, $"{Limits.MaxWatchesPerConnection} watches of this connection");
        watches.ForEach(watch => watch.Dispose());
        await Eventually.IsTrueAsync(
            async () =>
            {
                using WatchReader next = Open(new Wire.WatchRequest());
                return await MasterClient.StatusOf(next.NextAsync) == SessionStatus.Ok;
            },
            "there is a place again");
    }

    [Theory]
    [InlineData(8u, "", 0ul, false, 0u, SessionStatus.InvalidArgument)]
    [InlineData(0u, "", 7ul, true, 0u, SessionStatus.InvalidArgument)]
    [InlineData(0u, "", 0ul, false, 99u, SessionStatus.InvalidArgument)]
    [InlineData(0u, "", 0ul, false, 60_001u, SessionStatus.InvalidArgument)]
    [InlineData(0u, "\0", 0ul, false, 0u, SessionStatus.InvalidArgument)]
    [InlineData(0u, "", ulong.MaxValue, false, 0u, SessionStatus.Compacted)]
    public async Task What_makes_no_sense_is_refused(uint kinds, string prefix, ulong after, bool withState, uint progressMs, SessionStatus expected)
    {
        using WatchReader watch = Open(new Wire.WatchRequest
        {
            Kinds = kinds,
            IdentityPrefix = prefix,
            AfterRevision = after,
            WithState = withState,
            ProgressMs = progressMs,
        });
        Assert.Equal(expected, await MasterClient.StatusOf(watch.NextAsync));
    }

    [Fact]
    public async Task A_caller_hears_of_what_it_may_read_until_the_right_is_withdrawn()
    {
        using VirtualTime time = new();
        using GuardedMaster guarded = new(null, time, "allow cs* serve cs/{name}\nallow watcher read cs/cs1");
        time.AwaitSleepers("sessions-files");
        using WatchReader watch = Open(guarded.As("watcher"), new Wire.WatchRequest { ProgressMs = 100 });
        await watch.NextAsync();
        await guarded.As("cs2").CreateKeyAsync("cs/cs2", 60_000);
        await guarded.As("cs1").CreateKeyAsync("cs/cs1", 60_000);
        // Looks follow each other by the master's time.
        time.Pass(Limits.WatchPauseMs);
        await watch.UntilAsync(said => said.Identity == "cs/cs1");
        Assert.All(watch.Said, said => Assert.Equal("cs/cs1", said.Identity));

        guarded.WriteRules("allow cs* serve cs/{name}\nallow watcher read cs/none");
        Assert.True(time.PassUntil(() => guarded.Log.Any(1088, "is in force"), 10 * Limits.RightsLookMs));
        using WatchReader denied = Open(guarded.As("nothing"), new Wire.WatchRequest());
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, denied.NextAsync);
        guarded.WriteRules("allow cs* serve cs/{name}");
        Assert.True(time.PassUntil(() => guarded.Log.Of(1088).Count == 2, 10 * Limits.RightsLookMs));
        Task end = watch.ToEndAsync();
        Assert.True(time.PassUntil(() => end.IsCompleted, 60_000));
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => end);
    }

    private WatchReader Open(Wire.WatchRequest request) => Open(_running.Client, request);

    private static WatchReader Open(MasterClient client, Wire.WatchRequest request) => WatchReader.Open(client, request);
}
