using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Rolling.Stage;

/// <summary>The files of certificates of all processes, which are replaced under them.</summary>
internal sealed class Certificates
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _names;
    private TestCertificates _authority;
    private int _made;

    /// <param name="folder">Where the files are.</param>
    /// <param name="names">Whose.</param>
    internal Certificates(string folder, IEnumerable<string> names)
    {
        _folder = folder;
        _names = [.. names];
        _authority = NextAuthority();
        Put(File.ReadAllText(_authority.CaFile), CaFile);
        IssueAll();
    }

    private string CaFile => Path.Combine(_folder, "ca.pem");

    /// <summary>Where somebody's are, whatever is in them at a time.</summary>
    internal TlsOptions Of(string name) => new() { CaFile = CaFile, CertFile = FileOf($"{name}.pem"), KeyFile = FileOf($"{name}.key") };

    /// <summary>A copy of somebody's, as they are now.</summary>
    internal TlsOptions CopyOf(string name)
    {
        string copies = Directory.CreateDirectory(FileOf($"copies-{++_made}")).FullName;
        TlsOptions now = Of(name);
        foreach (string file in (string[])[now.CertFile, now.KeyFile])
        {
            File.Copy(file, Path.Combine(copies, Path.GetFileName(file)));
        }

        return now with
        {
            CertFile = Path.Combine(copies, Path.GetFileName(now.CertFile)),
            KeyFile = Path.Combine(copies, Path.GetFileName(now.KeyFile)),
        };
    }

    /// <summary>New certificates and keys for all, of the authority that there is.</summary>
    internal void IssueAll()
    {
        foreach (string made in _names.SelectMany(name => (string[])[.. PairOf(_authority.Issue(name))]))
        {
            File.Move(made, FileOf(Path.GetFileName(made)), overwrite: true);
        }
    }

    /// <summary>The first step of its replacement: a new one is trusted beside it.</summary>
    internal void TrustNextAuthority()
    {
        string former = File.ReadAllText(CaFile);
        _authority = NextAuthority();
        Put($"{former}\n{File.ReadAllText(_authority.CaFile)}", CaFile);
    }

    /// <summary>The last step: the former one is not trusted any more.</summary>
    internal void DistrustFormerAuthority() => Put(File.ReadAllText(_authority.CaFile), CaFile);

    private static IEnumerable<string> PairOf((string CertFile, string KeyFile) issued) => [issued.CertFile, issued.KeyFile];

    private string FileOf(string name) => Path.Combine(_folder, name);

    private TestCertificates NextAuthority() =>
        new(Directory.CreateDirectory(FileOf($"authority-{++_made}")).FullName, $"authority-{_made}");

    // As a reader must see it: the one or the other, never half of one.
    private static void Put(string text, string path)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
