namespace Interop.Sessions;

/// <summary>
/// How an object is reached. The kinds that are named here are the product's, and so is every lower number that is not named
/// yet; numbers from <see cref="AccessPointKinds.FirstOfHosts"/> on are the hosts' own.
/// </summary>
public enum AccessPointKind : uint
{
    /// <summary>An NFS export.</summary>
    Nfs = 1,

    /// <summary>An iSCSI target.</summary>
    Iscsi = 2,

    /// <summary>An NVMe-oF subsystem.</summary>
    NvmeOf = 3,
}

/// <summary>Which numbers are kinds of access points.</summary>
public static class AccessPointKinds
{
    /// <summary>From here on hosts give the numbers, and the product never will.</summary>
    public const AccessPointKind FirstOfHosts = (AccessPointKind)0x10000;

    /// <summary>The highest that this release names; a newer one may name the next.</summary>
    private const AccessPointKind Last = AccessPointKind.NvmeOf;

    /// <summary>Does this release know it, or is it a host's?</summary>
    public static bool IsKnown(AccessPointKind kind) => kind is >= AccessPointKind.Nfs and <= Last or >= FirstOfHosts;

    /// <summary>May a newer release know it? A reader skips what it does not know; 0 is none in any release.</summary>
    public static bool IsOfNewerRelease(AccessPointKind kind) => kind is > Last and < FirstOfHosts;

    /// <summary>Refuses what is neither known nor a host's.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field and the kinds that there are.</exception>
    public static AccessPointKind Require(AccessPointKind kind, string field) => IsKnown(kind)
        ? kind
        : throw new SessionException(
            SessionStatus.InvalidArgument,
            $"{field} is {(uint)kind}; it must be 1 (NFS), 2 (iSCSI), 3 (NVMe-oF), or a host's own from {(uint)FirstOfHosts} on");

    /// <summary>As the C header has it; a host's own by its number.</summary>
    public static string NameOf(AccessPointKind kind) => kind switch
    {
        AccessPointKind.Nfs => "NFS",
        AccessPointKind.Iscsi => "ISCSI",
        AccessPointKind.NvmeOf => "NVMEOF",
        _ => ((uint)kind).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
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
