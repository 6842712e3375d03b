using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>One assignment of an object, from when it is stored until it is not.</summary>
/// <param name="Number">Of all of its object.</param>
/// <param name="ServerEpoch">Whose.</param>
/// <param name="Leadership">Made in that one of the store; 0: it came with a store that was put back.</param>
/// <param name="Revisions">It is named by one of these: those of the commit that made it.</param>
internal sealed record Assigned(int Number, ulong ServerEpoch, int Leadership, CommitRevisions Revisions)
{
    /// <summary>May an answer of FindAccessPoint mean it? Without a revision it is of a former leadership.</summary>
    internal bool MayBe(ObjectReply reply) => ServerEpoch == reply.Found.Epoch &&
        (reply.Found.Revision == 0 ? Leadership < reply.Leadership : Revisions.Contain(reply.Found.Revision));
}

/// <summary>What a host was told of an object, and which assignments that may have been.</summary>
internal sealed record FoundObject(AccessPoint Answer, IReadOnlyList<int> Assignments);

/// <summary>
/// What a store had of one object, one thing after the other: the order of all calls for it. Each call must fit what there was at some
/// moment between its beginning and its answer.
/// </summary>
internal sealed class ObjectHistory
{
    private readonly List<Assigned?> _states = [null];

    /// <summary>What the hosts have asked to release: of one null, whatever there is.</summary>
    private readonly List<FoundObject?> _releases = [];

    internal int Length => _states.Count - 1;

    internal Assigned? Now => _states[^1];

    internal void Becomes(ulong serverEpoch, int leadership, CommitRevisions revisions) =>
        _states.Add(new Assigned(_states.Count, serverEpoch, leadership, revisions));

    internal void IsGone() => _states.Add(null);

    internal void ReleaseBegins(FoundObject? found) => _releases.Add(found);

    /// <summary>Has anybody asked to release what there is now?</summary>
    internal bool IsNowMeant() => _releases.Exists(found => found == null || found.Assignments.Contains(Now!.Number));

    /// <summary>What there was from a moment on.</summary>
    internal IEnumerable<Assigned?> From(int begunAt) => _states.Skip(begunAt);
}
