using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The files that say who this client is and whom it trusts. The files are read at each dial and each authentication, since
/// certificates and passwords change while a master runs.
/// </summary>
internal sealed class EtcdCredentials(EtcdOptions options, ILogger logger, BootTime time)
{
    private volatile Trust? _latest;
    private string? _lastFailure;
    private long _nextLookNs;
    private long _nextWarningNs;

    /// <summary>Is TLS spoken?</summary>
    internal bool IsSecure => options.CaFile.Length > 0;

    /// <summary>Reads everything once: a start with a file that cannot be read is refused at once.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming field and file.</exception>
    internal void RequireReadable()
    {
        if (options.PasswordFile.Length > 0)
        {
            ReadPassword();
        }

        if (IsSecure)
        {
            _latest = ReadTrust();
        }
    }

    /// <summary>The password as it is now.</summary>
    /// <exception cref="SessionException">InvalidArgument: the file cannot be read, or is empty.</exception>
    internal string ReadPassword()
    {
        if (options.PasswordFile.Length == 0)
        {
            return options.Password;
        }

        string? first = Read("etcd.password_file", options.PasswordFile, () =>
        {
            using StreamReader reader = new(options.PasswordFile);
            return reader.ReadLine();
        });
        return string.IsNullOrEmpty(first)
            ? throw new SessionException(
                SessionStatus.InvalidArgument, $"etcd.password_file '{options.PasswordFile}' has no password on its first line")
            : first;
    }

    /// <summary>What a connection to a host is made with. Files that do not fit each other just now leave the former ones.</summary>
    /// <exception cref="SessionException">InvalidArgument: they never fitted.</exception>
    internal SslClientAuthenticationOptions TlsTo(string host)
    {
        Trust trust = ReadAgain();
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = trust.Own,
            CertificateChainPolicy = PolicyOf(trust.Authorities),
        };
    }

    /// <summary>Warns, once a day, of a certificate that runs out; looks once an hour.</summary>
    internal void WarnOfEnd(long nowNs)
    {
        long due = Volatile.Read(ref _nextLookNs);
        if (options.CertFile.Length == 0 || nowNs < due ||
            Interlocked.CompareExchange(ref _nextLookNs, nowNs + Ns.FromMs(Limits.CertificateLookMs), due) != due)
        {
            return;
        }

        // Not on the thread of a request: a file may hang.
        _ = Task.Run(() =>
        {
            try
            {
                WarnOfEnd(ReadAgain(), nowNs);
            }
            catch (SessionException)
            {
                // The next dial says it.
            }
        });
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        return policy;
    }

    private void WarnOfEnd(Trust trust, long nowNs)
    {
        if (trust.Own is not { } own || nowNs < Volatile.Read(ref _nextWarningNs))
        {
            return;
        }

        X509Certificate2 certificate = own.TargetCertificate;
        TimeSpan left = certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow;
        // A certificate that lives for hours is replaced within hours.
        TimeSpan last = (certificate.NotAfter - certificate.NotBefore) / Limits.CertificateLastPart;
        if (left < TimeSpan.FromDays(Limits.CertificateWarningDays) && left < last)
        {
            Volatile.Write(ref _nextWarningNs, nowNs + Ns.FromMs(Limits.CertificateWarningIntervalMs));
            MasterLog.CertificateEnds(logger, options.CertFile, certificate.NotAfter.ToUniversalTime(), left);
        }
    }

    private Trust ReadAgain()
    {
        try
        {
            Trust read = ReadTrust();
            (_latest, _lastFailure) = (read, null);
            WarnOfEnd(read, time.NowNs);
            return read;
        }
        catch (SessionException failure) when (_latest is { } former)
        {
            // Somebody is replacing them one by one, or has made a mistake.
            if (failure.Message != Interlocked.Exchange(ref _lastFailure, failure.Message))
            {
                MasterLog.CredentialsUnreadable(logger, failure.Message);
            }

            return former;
        }
    }

    private Trust ReadTrust()
    {
        X509Certificate2Collection authorities = Read("etcd.ca_file", options.CaFile, () => Certificates(options.CaFile));
        return new Trust(authorities, options.CertFile.Length == 0 ? null : Read(
            "etcd.cert_file or etcd.key_file", options.CertFile, ReadOwn));
    }

    /// <summary>With what stands behind it in its file: an etcd that knows the root only needs the chain.</summary>
    private SslStreamCertificateContext ReadOwn()
    {
        X509Certificate2 own = X509Certificate2.CreateFromPemFile(options.CertFile, options.KeyFile);
        X509Certificate2Collection chain = [.. Certificates(options.CertFile).Where(found => !found.Equals(own))];
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private static X509Certificate2Collection Certificates(string path)
    {
        X509Certificate2Collection found = [];
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new CryptographicException("it contains no certificate");
    }

    private static T Read<T>(string field, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (
            error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"{field} '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Whom to trust, and who one is.</summary>
    private sealed record Trust(X509Certificate2Collection Authorities, SslStreamCertificateContext? Own);
}
