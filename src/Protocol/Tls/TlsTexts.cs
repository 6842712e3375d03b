using System.IO;
using System.Text;

namespace Interop.Sessions.Protocol;

/// <summary>What the files of <see cref="TlsOptions"/> hold; null: there is no such file.</summary>
/// <param name="Authorities">Of ca_file.</param>
/// <param name="Own">Of cert_file.</param>
/// <param name="Key">Of key_file.</param>
internal sealed record TlsTexts(string? Authorities, string? Own, string? Key)
{
    private const UnixFileMode AnybodyElse = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads them; blocks as long as the file system does.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming field and file.</exception>
    internal static TlsTexts Read(TlsOptions options, string field) => new(
        Read($"{field}.ca_file", options.CaFile, UnixFileMode.OtherWrite, "every user of the machine could be trusted"),
        Read($"{field}.cert_file", options.CertFile, UnixFileMode.None, ""),
        Read($"{field}.key_file", options.KeyFile, AnybodyElse, "every user of the machine could show this certificate"));

    // The key is in it.
    public override string ToString() => nameof(TlsTexts);

    private static string? Read(string field, string path, UnixFileMode forbidden, string why) => path.Length == 0 ? null
        : Encoding.UTF8.GetString(SmallFile.Read(path, field, Limits.MaxCertificateFileBytes, forbidden, why));
}
