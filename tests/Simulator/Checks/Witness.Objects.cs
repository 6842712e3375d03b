using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>
/// Objects and their access points: what is answered is what the store had at some moment of the call, what is released is gone, and
/// nothing else is.
/// </content>
internal sealed partial class Witness
{
    /// <summary>Of it hosts release whatever assignment there is; of the others the one that they have found.</summary>
    internal const string ReleasedUnnamed = "simulated z";

    private readonly Dictionary<string, ObjectHistory> _objects = Objects.ToDictionary(name => name, _ => new ObjectHistory());

    internal static string[] Objects { get; } = ["simulated x", "simulated y", ReleasedUnnamed];

    internal static string AddressOf(string identity) => $"{identity}:2049";

    internal int ObjectCallBegins(string name) => _objects[name].Length;

    internal int ReleaseBegins(string name, FoundObject? found)
    {
        _objects[name].ReleaseBegins(found);
        return _objects[name].Length;
    }

    /// <summary>The host is told where it is served.</summary>
    internal FoundObject ObjectFound(string name, int begunAt, ObjectReply reply)
    {
        AccessPoint found = reply.Found;
        Counts.Found++;
        IReadOnlyList<Assigned?> meanwhile = [.. _objects[name].From(begunAt)];
        int[] assignments = [.. meanwhile.OfType<Assigned>().Where(state => state.MayBe(reply)).Select(state => state.Number)];
        Require(
            assignments.Length > 0,
            $"{name} is said to be at epoch {found.Epoch} since revision {found.Revision}, where the store had {string.Join(", ", meanwhile.Select(state => state?.ServerEpoch ?? 0))}");
        string identity = Of(found.Epoch).Identity;
        Require(
            found.Identity == identity && found.Endpoint == AddressOf(identity),
            $"{name} is said to be at {found.Endpoint} of {found.Identity}, and epoch {found.Epoch} is {identity}'s");
        return new FoundObject(found, assignments);
    }

    /// <summary>The host is told that what it has found, or whatever there was, is released.</summary>
    internal void ObjectReleased(string name, int begunAt, FoundObject? found)
    {
        Counts.Released++;
        Require(
            _objects[name].From(begunAt).Any(state => state == null || (found != null && !found.Assignments.Contains(state.Number))),
            $"{name} is said to be released, and is at epoch {_objects[name].Now?.ServerEpoch} all the while");
    }

    /// <summary>The store has it so.</summary>
    internal void ObjectAssigned(string name, ulong serverEpoch) =>
        HistoryOf(name)?.Becomes(serverEpoch, world.Store.Leaderships, world.Store.Committing);

    /// <summary>
    /// The store has the release of it. One that an earlier leadership has made, nobody can tell from others of the same server.
    /// </summary>
    internal void ObjectReleaseStored(string name)
    {
        if (HistoryOf(name) is not { } history)
        {
            return;
        }

        Require(
            history.Now is not { } now || now.Leadership != world.Store.Leaderships || history.IsNowMeant(),
            $"{name} is released from epoch {history.Now?.ServerEpoch}, and nobody has asked for that");
        history.IsGone();
    }

    /// <summary>Its server's session is gone from the store.</summary>
    internal void ObjectLeft(string name) => HistoryOf(name)?.IsGone();

    /// <summary>Null: no simulated host asks for it, and the store is used by a test alone.</summary>
    private ObjectHistory? HistoryOf(string name) => _objects.GetValueOrDefault(name);

    private void ObjectsWentBack(StoreContent content)
    {
        foreach ((string name, ObjectHistory history) in _objects)
        {
            if (content.ServerOf(name) is { } server)
            {
                history.Becomes(server.Put.Key.Epoch, leadership: 0, default);
            }
            else
            {
                history.IsGone();
            }
        }
    }

    /// <summary>Of each object that nothing is under way for, table and store have the same.</summary>
    private void ObjectsAreStored(SessionTable table)
    {
        foreach ((string name, ObjectHistory history) in _objects)
        {
            Require(
                !table.TryFindSettled(AccessPointKind.Nfs, name, out Session? server) || server?.Key.Epoch == history.Now?.ServerEpoch,
                $"the table has {name} at epoch {server?.Key.Epoch}, the store at {history.Now?.ServerEpoch}");
        }
    }
}
