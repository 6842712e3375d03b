using System;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Checks;

/// <content>
/// Drains, against what the store has in the order in which it took it: a drained identity gets no session and no object, whoever leads,
/// and only its objects move.
/// </content>
internal sealed partial class Witness
{
    /// <summary>A store has a session for the first time.</summary>
    internal void MayBegin(string identity, Drain? drain) =>
        Require(drain == null, $"{identity} is given a session, and is drained");

    /// <summary>An object is assigned to a server.</summary>
    internal void MayBeAssigned(string objectName, string identity, Drain? drain) =>
        Require(drain == null, $"{objectName} is given to {identity}, which is drained");

    /// <summary>The store has a session as revoked: an operator may have wanted that by a drain.</summary>
    internal void Revoked(ulong epoch, Drain? drain)
    {
        if (drain is { RevokesSession: true })
        {
            Of(epoch).MayEnd = true;
        }
    }

    /// <summary>An object leaves a server whose session lives on.</summary>
    internal void ObjectTaken(string name, Drain? drain)
    {
        if (drain is { MovesObjects: true })
        {
            Counts.Moved++;
            ObjectLeft(name);
        }
        else
        {
            ObjectReleaseStored(name);
        }
    }

    /// <summary>What the table shows as durable is what is stored.</summary>
    private void DrainsAreStored(SessionTable table)
    {
        string shown = string.Join(", ", table.ListDrains("", 0, "").Rows.Select(row => row.Drain));
        string stored = string.Join(", ", world.Store.Drains.OrderBy(drain => drain.Identity, StringComparer.Ordinal));
        Require(shown == stored, $"the table has drained {shown}, the store {stored}");
    }
}
