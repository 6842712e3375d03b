using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interop.Sessions.Protocol;

/// <summary>What the files of <see cref="TlsOptions"/> say, once they fit together.</summary>
/// <param name="Authorities">Whom to trust; null: nobody is asked for a certificate.</param>
/// <param name="Own">Who one is; null: nobody in particular.</param>
public sealed record TlsMaterial(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Own)
{
    /// <summary>Makes it of what the files hold.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming field and file.</exception>
    internal static TlsMaterial Of(TlsOptions options, string field, TlsTexts texts)
    {
        X509Certificate2Collection? authorities = texts.Authorities is { } ca
            ? Parsed($"{field}.ca_file", options.CaFile, () => Certificates(ca))
            : null;
        return new TlsMaterial(authorities, texts.Own is { } own
            ? Parsed($"{field}.cert_file or {field}.key_file", options.CertFile, () => Context(own, texts.Key!))
            : null);
    }

    /// <summary>How a certificate of the other side is judged: by these authorities alone, without asking the network for anything.</summary>
    public X509ChainPolicy Policy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Authorities!);
        policy.ExtraStore.AddRange(Authorities!);
        return policy;
    }

    /// <summary>How long the certificates of each file are good.</summary>
    internal IEnumerable<CertificateSpan> SpansAt(TlsOptions options, DateTime now)
    {
        if (Own is { } own)
        {
            yield return CertificateSpan.OfChain(
                options.CertFile, own.IntermediateCertificates.Prepend(own.TargetCertificate).Select(SpanOf));
        }

        if (Authorities is { } authorities)
        {
            yield return CertificateSpan.OfAuthorities(options.CaFile, [.. authorities.Select(SpanOf)], now);
        }
    }

    private static (DateTime From, DateTime Until) SpanOf(X509Certificate2 certificate) =>
        (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    // With what stands behind it in its file: a peer that knows the root only needs the chain.
    private static SslStreamCertificateContext Context(string certificates, string key)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPem(certificates, key);
        X509Certificate2Collection chain = [.. Certificates(certificates).Where(found => !found.Equals(own))];
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private static X509Certificate2Collection Certificates(string text)
    {
        X509Certificate2Collection found = [];
        found.ImportFromPem(text);
        return found.Count > 0 ? found : throw new CryptographicException("it contains no certificate");
    }

    private static T Parsed<T>(string field, string path, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{field} '{path}' cannot be used: {error.Message}", error);
        }
    }
}
