namespace Interop.Sessions;

/// <summary>
/// Who one side of a connection is, and whom it trusts, in files of PEM. The same for all that speaks TLS: masters and followers,
/// sessionctl, and masters as clients of etcd. The files are read again while they are in use: whoever renews a certificate replaces
/// its files, and nothing is started again.
/// </summary>
public sealed record TlsOptions
{
    /// <summary>
    /// The authorities that may have signed the other side's certificate. A client must say it; a master that says it asks each client
    /// for a certificate and serves none without (mutual TLS).
    /// </summary>
    public string CaFile { get; set; } = "";

    /// <summary>This side's certificate, with what stands between it and an authority behind it. A master must say it.</summary>
    public string CertFile { get; set; } = "";

    /// <summary>Its private key, not encrypted: PKCS#8, PKCS#1 or SEC 1.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Of a client: the name that a server's certificate must have; empty: the host that is dialled.</summary>
    public string ServerName { get; set; } = "";

    /// <summary>The lowest version that is spoken: "1.2" or "1.3".</summary>
    public string MinimumVersion { get; set; } = "1.2";

    /// <summary>
    /// So many days before its end a certificate is warned of, once a day; one that lives for less than four times as long in its last
    /// quarter. 0: never.
    /// </summary>
    public uint WarningDays { get; set; } = Limits.DefaultCertificateWarningDays;
}
