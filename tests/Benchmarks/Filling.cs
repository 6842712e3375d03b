using System;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Benchmarks;

/// <summary>A store with many sessions of whom nobody has heard for long.</summary>
internal static class Filling
{
    internal const uint TermMs = 10_000;

    private const int RowsPerCommit = 10_000;

    /// <summary>Whoever renews the first.</summary>
    internal static Protocol.V1.SessionKey FirstKey { get; } = new() { SessionId = IdOf(0), Epoch = 1, Nonce = 1 };

    internal static void Store(string path, int sessions)
    {
        using SqliteSessionStore store = new(path, 0, create: true);
        ulong revision = store.Lead(new LeadRequest { UnixMs = WallClock.UnixMs }).Revision;
        for (int first = 0; first < sessions; first += RowsPerCommit)
        {
            StoreChange[] rows = [.. Enumerable.Range(first, Math.Min(RowsPerCommit, sessions - first)).Select(i =>
                new StoreChange.PutSession(
                    new SessionKey(IdOf(i), (ulong)i + 1, 1),
                    new ServerDescription { Identity = $"silent-{i}", HostName = "host" }, TermMs, default, false, null))];
            store.Commit(rows, revision + (ulong)(first + rows.Length));
        }
    }

    // Spread as random ids are: the golden ratio's multiples.
    private static ulong IdOf(int number) => ((ulong)number + 1) * 0x9E3779B97F4A7C15;
}
