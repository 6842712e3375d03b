using System;
using System.IO;

namespace Interop.Sessions.Tests.Support;

/// <summary>An authority, a master's certificate of it, and certificates of clients, in a directory.</summary>
internal sealed class TestTls
{
    private readonly string _directory;
    private TestCertificates _authority;

    internal TestTls(string directory, string name = "authority")
    {
        _directory = directory;
        _authority = new TestCertificates(directory, name);
        CaFile = _authority.CaFile;
        (string cert, string key) = _authority.Issue($"{name}-master");
        Master = new TlsOptions { CertFile = cert, KeyFile = key };
    }

    internal string CaFile { get; }

    /// <summary>Of a master that asks nobody who he is.</summary>
    internal TlsOptions Master { get; }

    /// <summary>Of a master that serves none without a certificate.</summary>
    internal TlsOptions MutualMaster => Master with { CaFile = CaFile };

    /// <summary>Of a client that shows no certificate.</summary>
    internal TlsOptions Stranger => new() { CaFile = CaFile };

    /// <summary>Of a client with a certificate of its own.</summary>
    internal TlsOptions Client(string name = "cs1", DateTimeOffset? ends = null, string? uri = null, string? dns = null)
    {
        (string cert, string key) = _authority.Issue(name, ends: ends, uri: uri, dns: dns);
        return new TlsOptions { CaFile = CaFile, CertFile = cert, KeyFile = key };
    }

    /// <summary>
    /// Replaces the authority, as people do it: both are trusted first, then all certificates are of the new one. The files keep their
    /// names.
    /// </summary>
    /// <param name="clients">The names of clients.</param>
    /// <param name="between">Runs when both are trusted.</param>
    internal void Rotate(string[] clients, Action between)
    {
        string former = File.ReadAllText(CaFile);
        TestCertificates next = new(_directory, "next");
        Replace(CaFile, former + "\n" + File.ReadAllText(next.CaFile));
        between();
        _authority = next;
        next.Issue(Path.GetFileNameWithoutExtension(Master.CertFile));
        foreach (string client in clients)
        {
            next.Issue(client);
        }
    }

    // As a reader must see it: the one or the other, never half of one.
    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
