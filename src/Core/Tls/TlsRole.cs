namespace Interop.Sessions;

/// <summary>Which side of a connection TLS is for.</summary>
public enum TlsRole
{
    /// <summary>It dials: it must know whom to trust.</summary>
    Client,

    /// <summary>It is dialled: it must say who it is.</summary>
    Server,
}
