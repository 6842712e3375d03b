using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.CrashLoops.Load;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops.Checks;

/// <summary>Compares what a master has with what its clients were told, after each kill.</summary>
/// <param name="ledger">Where numbers are noted.</param>
/// <param name="findings">What is wrong.</param>
internal sealed class Comparison(Ledger ledger, Findings findings)
{
    /// <summary>Sessions and items that were compared.</summary>
    internal long Compared { get; private set; }

    /// <summary>Changes that nobody was told of and that were made.</summary>
    internal int OpenMade { get; private set; }

    /// <summary>Changes that nobody was told of and that were not made.</summary>
    internal int OpenNotMade { get; private set; }

    /// <summary>Compares everything.</summary>
    /// <param name="clients">Who know.</param>
    /// <param name="rows">All sessions.</param>
    /// <param name="items">Their items.</param>
    internal void Compare(
        IReadOnlyList<Client> clients, IReadOnlyList<Wire.SessionRow> rows, IReadOnlyDictionary<ulong, IReadOnlyList<Wire.Item>> items)
    {
        Dictionary<string, Wire.SessionRow> there = [];
        foreach (Wire.SessionRow row in rows)
        {
            if (!there.TryAdd(row.Description.Identity, row))
            {
                findings.Add($"{row.Description.Identity} has two sessions");
            }
        }

        foreach (Client client in clients)
        {
            foreach (KnownSession session in client.Sessions)
            {
                there.Remove(session.Identity, out Wire.SessionRow? row);
                Change? open = client.Open?.Session == session ? client.Open : null;
                Compare(session, row, row == null ? [] : items.GetValueOrDefault(row.SessionId, []), open);
            }
        }

        foreach (string identity in there.Keys)
        {
            findings.Add($"{identity} has a session that nobody has created");
        }
    }

    private void Compare(KnownSession session, Wire.SessionRow? row, IReadOnlyList<Wire.Item> items, Change? open)
    {
        if (open is Change.Create { IsFound: false } create)
        {
            CountOpen(row != null);
            if (row != null)
            {
                create.Find(row.SessionId, row.Epoch);
                ledger.Note(row.Epoch, create.Floor, create.Text);
            }
        }
        else if (open is Change.Close { IsFound: false } close)
        {
            CountOpen(row == null);
            if (row == null)
            {
                close.Find(0);
            }
        }

        Compared += session.Standing == Standing.Gone ? 0 : 1;
        if (row == null)
        {
            NoteMissing(session);
        }
        else if (session.Standing == Standing.Gone)
        {
            findings.Add($"{session.Identity} had ended, and has a session of epoch {row.Epoch}");
        }
        else if (session.IsMortal && row.Epoch > session.Key!.Epoch && open is Change.Create again)
        {
            // What was found before has ended, as nobody renews it, and the repetition of its create has made another.
            session.Standing = Standing.Asked;
            again.Find(row.SessionId, row.Epoch);
            ledger.Note(row.Epoch, session.Key.Epoch, again.Text);
        }
        else if (row.SessionId != session.Key!.SessionId || row.Epoch != session.Key.Epoch)
        {
            findings.Add($"{session.Identity} was granted epoch {session.Key.Epoch}, and has {row.Epoch}");
        }
        else
        {
            CompareItems(session, items, open as Change.Items);
        }
    }

    private void NoteMissing(KnownSession session)
    {
        if (session.Standing == Standing.Alive)
        {
            findings.Add($"{session.Identity} of epoch {session.Key!.Epoch} was acknowledged, and is not there");
        }
        else if (session.Standing == Standing.Ending)
        {
            session.Standing = Standing.Gone;
        }
    }

    private void CompareItems(KnownSession session, IReadOnlyList<Wire.Item> items, Change.Items? open)
    {
        Dictionary<string, Wire.Item> there = items.ToDictionary(item => item.Key);
        if (open is { IsFound: false })
        {
            bool isMade = IsMade(open, there);
            CountOpen(isMade);
            if (isMade)
            {
                ulong number = open.Values.Keys.Select(key => there.GetValueOrDefault(key)?.Revision ?? 0).Max();
                open.Find(number);
                if (number != 0)
                {
                    ledger.Note(number, open.Floor, open.Text);
                }
            }
        }

        foreach ((string key, KnownItem known) in session.Items)
        {
            Compared++;
            if (!there.Remove(key, out Wire.Item? item))
            {
                findings.Add($"{session.Identity}: {key} of revision {known.Revision} was acknowledged, and is not there");
            }
            else if (item.Revision != known.Revision || !item.Value.Span.SequenceEqual((ReadOnlySpan<byte>)known.Value))
            {
                findings.Add($"{session.Identity}: {key} was acknowledged as revision {known.Revision}, and is another of {item.Revision}");
            }
        }

        foreach (string key in there.Keys)
        {
            findings.Add($"{session.Identity}: {key} of revision {there[key].Revision} was removed or never set, and is there");
        }
    }

    /// <summary>Whatever of it is made is made as a whole, which the comparison that follows shows.</summary>
    private static bool IsMade(Change.Items open, Dictionary<string, Wire.Item> there) => open.Values.All(
        one => one.Value == null
            ? !there.ContainsKey(one.Key)
            : there.TryGetValue(one.Key, out Wire.Item? item) && item.Revision > open.Floor &&
                item.Value.Span.SequenceEqual((ReadOnlySpan<byte>)one.Value));

    private void CountOpen(bool isMade)
    {
        OpenMade += isMade ? 1 : 0;
        OpenNotMade += isMade ? 0 : 1;
    }
}
