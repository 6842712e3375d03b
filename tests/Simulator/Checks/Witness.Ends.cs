using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Checks;

/// <content>What is kept of ends: of each end that the store has, once, and of nothing that has not ended.</content>
internal sealed partial class Witness
{
    /// <summary>Of these sessions a leader has heard that the holder's gate is closed.</summary>
    private readonly HashSet<ulong> _gatesClosed = [];

    /// <summary>A leader hears that the gate of a session's holder is closed.</summary>
    internal void GateIsClosed(ulong epoch) => _gatesClosed.Add(epoch);

    /// <summary>What a table lists is what its store keeps.</summary>
    private void EndsAreStored(SessionTable table)
    {
        IReadOnlyList<SessionEnd> listed = table.ListEnds(new EndQuery()).Rows;
        Require(
            listed.SequenceEqual(world.Store.Ends),
            $"the table keeps the ends {Revisions(listed)}, the store {Revisions(world.Store.Ends)}");
    }

    /// <summary>The store keeps the end of a session, with its removal.</summary>
    internal void EndKept(SessionEnd end)
    {
        Require(Of(end.Epoch).Identity == end.Identity, $"the end of epoch {end.Epoch} is kept as that of {end.Identity}");
        Require(
            !end.IsGateClosed || _gatesClosed.Contains(end.Epoch),
            $"epoch {end.Epoch} ended with a closed gate, of which no leader has heard");
        Require(
            world.Store.Sessions.Values.All(stored => stored.Put.Key.Epoch != end.Epoch),
            $"the end of epoch {end.Epoch} is kept, and its session lives");
        Counts.GatesClosed += end.IsGateClosed ? 1 : 0;
    }

    private static string Revisions(IEnumerable<SessionEnd> ends) => string.Join(' ', ends.Select(end => end.Revision));
}
