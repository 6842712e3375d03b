namespace Interop.Sessions;

/// <summary>How an object is reached.</summary>
public enum AccessPointKind
{
    /// <summary>An NFS export.</summary>
    Nfs = 1,

    /// <summary>An iSCSI target.</summary>
    Iscsi = 2,
}

/// <summary>The server that gives access to an object.</summary>
/// <param name="SessionId">Its session.</param>
/// <param name="Epoch">Its session's epoch.</param>
/// <param name="Identity">Its name.</param>
/// <param name="Endpoint">Where it answers.</param>
/// <param name="Revision">
/// Names the assignment, for its release; 0: the master that leads has found it in its store.
/// </param>
public sealed record AccessPoint(ulong SessionId, ulong Epoch, string Identity, string Endpoint, ulong Revision);

/// <summary>Which assignment a release means: what FindAccessPoint answered, so that it takes away no newer one.</summary>
/// <param name="SessionId">The session that it is assigned to; 0: whichever assignment there is.</param>
/// <param name="Epoch">That session's epoch.</param>
/// <param name="Revision">As FindAccessPoint answered it.</param>
public readonly record struct ReleasedAssignment(ulong SessionId, ulong Epoch, ulong Revision)
{
    /// <summary>What an answer of FindAccessPoint says; null: whichever assignment there is.</summary>
    public static ReleasedAssignment Of(AccessPoint? found) =>
        found == null ? default : new ReleasedAssignment(found.SessionId, found.Epoch, found.Revision);
}
