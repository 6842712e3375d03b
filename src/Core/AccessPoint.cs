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
public sealed record AccessPoint(ulong SessionId, ulong Epoch, string Identity, string Endpoint);
