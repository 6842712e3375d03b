using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Tests.Support;

/// <summary>What a store gave, by kind.</summary>
internal static class Stored
{
    /// <summary>What a master that begins to lead now asks for.</summary>
    internal static LeadRequest LeadNow() => new() { UnixMs = WallClock.UnixMs };

    internal static IEnumerable<StoreChange.PutSession> Sessions(this StoreSnapshot snapshot) =>
        snapshot.Content.OfType<StoreChange.PutSession>();

    internal static IEnumerable<StoreChange.PutItem> Items(this StoreSnapshot snapshot) =>
        snapshot.Content.OfType<StoreChange.PutItem>();

    internal static IEnumerable<StoreChange.PutAssignment> Assignments(this StoreSnapshot snapshot) =>
        snapshot.Content.OfType<StoreChange.PutAssignment>();
}
