using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Commands;

/// <summary>What came of a salvage.</summary>
/// <param name="Records">How many sessions, items and access points are in the new store.</param>
/// <param name="Lost">What is known to be lost.</param>
/// <param name="Doubtful">What is there, and may not be as it was acknowledged last.</param>
public sealed record SalvageReport(long Records, IReadOnlyList<string> Lost, IReadOnlyList<string> Doubtful);

/// <summary>Takes what can be read of a SQLite file that is damaged, whatever is damaged there, into a new one.</summary>
public static class StoreSalvage
{
    /// <summary>
    /// Makes a new store. It counts as restored: whose session was lost or is an older one may still live, so no identity is given to
    /// another until all that may have been promised is over; and it counts on above all numbers that were given out.
    /// </summary>
    /// <param name="damaged">The file; neither it nor its log is changed.</param>
    /// <param name="into">A file that must not exist.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <exception cref="SessionException">InvalidArgument: there is no such file, or a new one already; or Store*.</exception>
    public static SalvageReport Run(string damaged, string into, ILogger logger)
    {
        RequirePaths(damaged, into);
        SalvagedRows rows = ReadRows(damaged);
        List<string> lost = [.. rows.Lost];
        foreach (string key in (string[])["master_epoch", "revision"])
        {
            if (rows.Meta(key) == null)
            {
                lost.Add($"meta, row '{key}': the new store counts on from the clock");
            }
        }

        if (rows.Meta("min_reader") is > (ulong)StoreFormat.Known and { } minReader)
        {
            throw new SessionException(
                SessionStatus.StoreFailed, $"store '{damaged}': {new StoreFormat((int)minReader, (int)minReader).Refusal()}");
        }

        ulong revision = RevisionOf(rows);
        List<StoreChange> content = Sensible(rows.Content, revision, lost);
        if (content.Count == 0 && lost.Count > 0 && rows.Meta("revision") == null)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"nothing in '{damaged}' can be read as a store of sessions");
        }

        StateRecord state = new()
        {
            MasterEpoch = rows.Meta("master_epoch") ?? 0,
            Revision = revision,
            LengthenedTermMs = (uint)(rows.Meta("lengthened_term_ms") ?? 0),
        };
        StoreTransfer.FillNew(into, state, content, logger);
        return new SalvageReport(content.Count, lost, rows.Doubtful);
    }

    private static void RequirePaths(string damaged, string into)
    {
        if (!File.Exists(damaged))
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"store '{damaged}' does not exist");
        }

        if (Path.Exists(into) || Path.Exists(into + "-wal"))
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"'{into}' exists already: a salvage makes a new store");
        }
    }

    private static SalvagedRows ReadRows(string damaged)
    {
        try
        {
            using IDisposable? held = StoreFile.HoldUnchanged(damaged);
            return SalvagedRows.Read(damaged);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"store '{damaged}': {error.Message}", error);
        }
    }

    // No lower than any number that is in use.
    private static ulong RevisionOf(SalvagedRows rows) => Math.Max(
        rows.Meta("revision") ?? 0,
        rows.Content.Select(put => put switch
        {
            StoreChange.PutSession session => session.Key.Epoch,
            StoreChange.PutItem item => item.Revision,
            _ => 0UL,
        }).DefaultIfEmpty().Max());

    private static List<StoreChange> Sensible(IEnumerable<StoreChange> content, ulong revision, List<string> lost)
    {
        StoreChange[] all = [.. content];
        // An identity has one session, the latest; an earlier one is what was left of a page.
        Dictionary<string, ulong> latest = all.OfType<StoreChange.PutSession>().GroupBy(session => session.Description.Identity)
            .ToDictionary(group => group.Key, group => group.Max(session => session.Key.Epoch));
        SnapshotRules rules = new(revision);
        List<StoreChange> sensible = [];
        foreach (StoreChange put in all)
        {
            if (put is StoreChange.PutSession session && session.Key.Epoch < latest[session.Description.Identity])
            {
                continue;
            }

            if (rules.FaultOf(put) is { } fault)
            {
                lost.Add(fault);
            }
            else
            {
                sensible.Add(put);
            }
        }

        return sensible;
    }
}
