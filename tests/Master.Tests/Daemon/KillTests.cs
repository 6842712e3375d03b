using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>SIGKILL in the middle of acknowledged writes.</summary>
public sealed class KillTests : IDisposable
{
    private const int Writers = 8;
    private const int WritesBeforeTheKill = 400;

    /// <summary>Nobody renews: no session may end by itself before it is looked for, however slow the machine is.</summary>
    private const uint TermMs = 60_000;

    private readonly TemporaryDirectory _directory = new();

    /// <summary>The highest value acknowledged for each item.</summary>
    private readonly ConcurrentDictionary<(ulong SessionId, string Key), long> _items = new();
    private readonly ConcurrentDictionary<ulong, bool> _created = new();
    private readonly ConcurrentDictionary<ulong, bool> _closing = new();
    private readonly ConcurrentDictionary<ulong, bool> _closed = new();
    private int _acknowledged;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_killed_master_loses_nothing_that_it_acknowledged()
    {
        string storePath = _directory.File("sessions.db");
        Wire.SessionKey? holder = null;
        for (int round = 0; round < 3; round++)
        {
            using DaemonProcess daemon = await DaemonProcess.StartAsync(storePath);
            using MasterClient client = new(daemon.Port);
            holder ??= await client.CreateKeyAsync("holder", TermMs);
            await AssertKeptAsync(client);

            int before = Volatile.Read(ref _acknowledged);
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(i => WriteUntilKilledAsync(client, holder, round, i))];
            await Eventually.IsTrueAsync(
                () => Volatile.Read(ref _acknowledged) - before >= WritesBeforeTheKill, "enough writes acknowledged");
            await daemon.KillAsync();
            await Eventually.Ends(Task.WhenAll(writers));
        }

        using DaemonProcess last = await DaemonProcess.StartAsync(storePath);
        using MasterClient again = new(last.Port);
        await AssertKeptAsync(again);
    }

    private async Task WriteUntilKilledAsync(MasterClient client, Wire.SessionKey holder, int round, int writer)
    {
        try
        {
            for (long n = 1; ; n++)
            {
                string key = $"{round}/{writer}/{n % 20}";
                await client.SetItemAsync(holder, key, BitConverter.GetBytes(n));
                _items[(holder.SessionId, key)] = n;
                Interlocked.Increment(ref _acknowledged);

                Wire.ApplyItemsRequest pair = new() { Session = holder };
                pair.Changes.AddRange(PairOf(round, writer).Select(
                    one => new Wire.ItemChange
                    {
                        Kind = (uint)ItemChangeKind.Set,
                        Key = one,
                        Value = ByteString.CopyFrom(BitConverter.GetBytes(n)),
                    }));
                await client.Sessions.ApplyItemsAsync(pair);
                Array.ForEach(PairOf(round, writer), one => _items[(holder.SessionId, one)] = n);
                Interlocked.Increment(ref _acknowledged);

                Wire.SessionKey session = await client.CreateKeyAsync($"server-{round}-{writer}-{n}", TermMs);
                _created[session.SessionId] = true;
                Interlocked.Increment(ref _acknowledged);
                if (n % 2 == 0)
                {
                    _closing[session.SessionId] = true;
                    await client.CloseAsync(session);
                    _closed[session.SessionId] = true;
                    Interlocked.Increment(ref _acknowledged);
                }
            }
        }
        catch (RpcException)
        {
            // Killed. What was under way may or may not have been made.
        }
    }

    /// <summary>Two items that are set together: never one of them alone.</summary>
    private static string[] PairOf(int round, int writer) => [$"pair/{round}/{writer}/a", $"pair/{round}/{writer}/b"];

    private async Task AssertKeptAsync(MasterClient client)
    {
        HashSet<ulong> listed = [];
        ulong from = 0;
        do
        {
            Wire.ListSessionsReply page = await client.Administration.ListSessionsAsync(
                new Wire.ListSessionsRequest { FromSessionId = from });
            listed.UnionWith(page.Sessions.Select(row => row.SessionId));
            from = page.NextSessionId;
        }
        while (from != 0);

        Assert.Empty(_created.Keys.Except(_closing.Keys).Except(listed));
        Assert.Empty(_closed.Keys.Intersect(listed));
        foreach (IGrouping<ulong, KeyValuePair<(ulong SessionId, string Key), long>> session in
            _items.GroupBy(item => item.Key.SessionId))
        {
            Dictionary<string, ByteString> kept = (await client.Administration.ListSessionItemsAsync(
                new Wire.ListSessionItemsRequest { SessionId = session.Key })).Items.ToDictionary(item => item.Key, item => item.Value);
            foreach (((_, string key), long acknowledged) in session)
            {
                Assert.True(BitConverter.ToInt64(kept[key].Span) >= acknowledged, $"{key} went back");
            }

            foreach (IGrouping<string, ByteString> pair in kept
                .Where(item => item.Key.StartsWith("pair/", StringComparison.Ordinal))
                .GroupBy(item => item.Key[..^1], item => item.Value))
            {
                Assert.Equal(2, pair.Count());
                Assert.Single(pair.Distinct());
            }
        }
    }
}
