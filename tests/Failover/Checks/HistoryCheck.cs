using System;
using System.Collections.Generic;
using System.Linq;
using Grpc.Core;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Failover.Stage;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Protocol;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Failover.Checks;

/// <summary>What must hold after every scenario, whatever happened; each finding is one sentence.</summary>
internal sealed class HistoryCheck(Play play)
{
    private const int PageSize = 10_000;

    private readonly List<string> _findings = [];

    /// <summary>Asks the last leader what there is and compares it with what was acknowledged.</summary>
    internal static IReadOnlyList<string> Findings(Play play)
    {
        HistoryCheck check = new(play);
        check.NothingIsLost();
        check.OneLeaderAtATime();
        check.EverySessionAndItemIsThere();
        return check._findings;
    }

    // A session that was renewed within its usable term must not be told that it is gone.
    private void NothingIsLost() => _findings.AddRange(play.History.Losses.Take(5));

    /// <summary>
    /// An epoch is one master's. And in real time: once a later leadership has granted anything, an earlier one grants
    /// nothing that is asked for from then on.
    /// </summary>
    private void OneLeaderAtATime()
    {
        IReadOnlyList<Renewed> renewals = play.History.Renewals;
        foreach (IGrouping<ulong, Renewed> epoch in renewals.GroupBy(renewal => renewal.MasterEpoch))
        {
            string[] masters = [.. epoch.Select(renewal => renewal.Master).Distinct()];
            if (masters.Length > 1)
            {
                _findings.Add($"epoch {epoch.Key} is acted on by {string.Join(" and ", masters)}");
            }
        }

        Dictionary<ulong, long> firstGrants = renewals
            .GroupBy(renewal => renewal.MasterEpoch).ToDictionary(epoch => epoch.Key, epoch => epoch.Min(r => r.ReceivedNs));
        foreach (Renewed renewal in renewals)
        {
            foreach ((ulong later, long grantedNs) in firstGrants)
            {
                if (later > renewal.MasterEpoch && renewal.SentNs > grantedNs)
                {
                    _findings.Add(
                        $"epoch {renewal.MasterEpoch} grants what was asked for " +
                        $"{(renewal.SentNs - grantedNs) / 1_000_000} ms after epoch {later} had granted");
                }
            }
        }
    }

    private void EverySessionAndItemIsThere()
    {
        using MasterLink link = new(play.Addresses);
        Wire.ListSessionsReply page = AtLeader(link, () => link.Administration.ListSessions(
            new Wire.ListSessionsRequest { Limit = PageSize }, deadline: DateTime.UtcNow.AddSeconds(5)));
        Dictionary<ulong, Wire.SessionRow> there = page.Sessions.ToDictionary(row => row.SessionId);
        foreach (SwarmSession session in play.Sessions)
        {
            bool isThere = there.TryGetValue(session.Key.SessionId, out Wire.SessionRow? row) && row.Epoch == session.Key.Epoch;
            if (session.DeadSinceNs != null)
            {
                continue;
            }

            if (!isThere)
            {
                _findings.Add($"{session.Identity} was acknowledged and is not there");
            }
            else
            {
                CheckItem(link, session);
            }
        }
    }

    private void CheckItem(MasterLink link, SwarmSession session)
    {
        if (session.Attempted == 0)
        {
            return;
        }

        Wire.ListItemsReply items = AtLeader(link, () => link.Administration.ListSessionItems(
            new Wire.ListSessionItemsRequest { SessionId = session.Key.SessionId },
            deadline: DateTime.UtcNow.AddSeconds(5)));
        long stored = items.Items.Count == 0 ? 0 : BitConverter.ToInt64(items.Items[0].Value.Span);
        if (stored < session.Acknowledged || stored > session.Attempted)
        {
            _findings.Add(
                $"{session.Identity} has {stored}; {session.Acknowledged} was acknowledged, {session.Attempted} attempted");
        }
    }

    private static T AtLeader<T>(MasterLink link, Func<T> call)
    {
        T? answer = default;
        RpcException? refusal = null;
        bool TryOnce()
        {
            string master = link.Current;
            try
            {
                answer = call();
                return true;
            }
            catch (RpcException error)
            {
                refusal = error;
                link.MoveOnFrom(master, error);
                return false;
            }
        }

        try
        {
            Eventually.Is(TryOnce, "an answer of the leader");
        }
        catch (BrokenExpectationException late) when (refusal != null)
        {
            throw new BrokenExpectationException($"{late.Message}; last: {refusal.Status}");
        }

        return answer!;
    }

    /// <summary>Waits until the dead are gone, by the leader's list.</summary>
    internal static void MeasureTheEndOfTheDead(Play play, long mostMs)
    {
        long diedNs = play.Sessions.Max(session => session.RenewedNs <= session.DeadSinceNs ? session.RenewedNs : 0);
        HashSet<ulong> dead = [.. play.Sessions.Where(s => s.DeadSinceNs != null).Select(s => s.Key.SessionId)];
        using MasterLink link = new(play.Addresses);
        long patienceNs = diedNs + ((mostMs + Settings.TermMs) * 1_000_000L);
        while (AtLeader(link, () => link.Administration.ListSessions(
            new Wire.ListSessionsRequest { Limit = PageSize }, deadline: DateTime.UtcNow.AddSeconds(5)))
            .Sessions.Any(row => dead.Contains(row.SessionId)))
        {
            if (BootClock.NowNs > patienceNs)
            {
                throw new BrokenExpectationException($"the dead are not gone {mostMs + Settings.TermMs} ms after they died");
            }

            Play.Last(50);
        }

        play.Measure("dead gone after", diedNs, BootClock.NowNs, Settings.TermMs, mostMs);
    }
}
