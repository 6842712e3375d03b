using System;
using System.IO;
using System.Text;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The files that say who this client is and whom it trusts. They are read again while they are in use, since certificates and passwords
/// change while a master runs.
/// </summary>
internal sealed class EtcdCredentials : IDisposable
{
    private readonly EtcdOptions _options;

    /// <summary>Reads everything once: a start with a file that cannot be read is refused at once.</summary>
    /// <param name="options">Which files.</param>
    /// <param name="logger">Where it is told that certificates change and end.</param>
    /// <param name="time">By which it waits between two looks at the certificates.</param>
    /// <exception cref="SessionException">InvalidArgument, naming field and file; what else <see cref="TlsFiles.Open"/> throws.</exception>
    internal EtcdCredentials(EtcdOptions options, ILogger logger, BootTime time)
    {
        _options = options;
        if (options.PasswordFile.Length > 0)
        {
            ReadPassword();
        }

        Trust = new PeerTrust(
            options.Tls == null
                ? null
                : TlsFiles.Open(options.Tls, "etcd.tls", new MasterTlsNews(logger), LastCatch.To(logger), time),
            options.Insecure);
    }

    /// <summary>Makes sure of the members.</summary>
    internal PeerTrust Trust { get; }

    /// <summary>The password as it is now.</summary>
    /// <exception cref="SessionException">InvalidArgument: the file cannot be read, or is empty.</exception>
    internal string ReadPassword()
    {
        if (_options.PasswordFile.Length == 0)
        {
            return _options.Password;
        }

        byte[] content = SmallFile.Read(
            _options.PasswordFile, "etcd.password_file", Limits.MaxRightsFileBytes, UnixFileMode.OtherRead | UnixFileMode.OtherWrite,
            "every user of the machine could be this one of etcd");
        using StringReader reader = new(Encoding.UTF8.GetString(content).TrimStart('\ufeff'));
        string? first = reader.ReadLine();
        return string.IsNullOrEmpty(first)
            ? throw new SessionException(
                SessionStatus.InvalidArgument, $"etcd.password_file '{_options.PasswordFile}' has no password on its first line")
            : first;
    }

    public void Dispose() => Trust.Files?.Dispose();
}
