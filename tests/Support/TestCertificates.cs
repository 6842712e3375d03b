using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interop.Sessions.Tests.Support;

/// <summary>How a private key stands in its file.</summary>
public enum KeyForm
{
    /// <summary>BEGIN PRIVATE KEY, of an elliptic curve.</summary>
    Pkcs8,

    /// <summary>BEGIN EC PRIVATE KEY.</summary>
    Ec,

    /// <summary>The same, with the curve before it.</summary>
    EcWithParameters,

    /// <summary>BEGIN RSA PRIVATE KEY.</summary>
    RsaPkcs1,

    /// <summary>BEGIN PRIVATE KEY, of RSA.</summary>
    RsaPkcs8,
}

/// <summary>An authority of its own, and what it has signed, as PEM files.</summary>
internal sealed class TestCertificates
{
    private readonly string _directory;
    private readonly X509Certificate2 _authority;

    internal TestCertificates(string directory, string name = "authority")
    {
        _directory = directory;
        CertificateRequest request = new($"CN={name}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        CaFile = Write($"{name}.pem", _authority.ExportCertificatePem());
    }

    internal string CaFile { get; }

    /// <summary>A certificate for 127.0.0.1 and for its name in "cluster", and its key.</summary>
    /// <param name="name">Also of the files.</param>
    /// <param name="form">Of the key.</param>
    /// <param name="ends">When; else tomorrow.</param>
    /// <param name="hasChain">Signed by another, which the authority has signed and the file has too?</param>
    /// <param name="uri">In the place of its name in "cluster".</param>
    /// <param name="dns">In the place of its name in "cluster".</param>
    internal (string CertFile, string KeyFile) Issue(
        string name, KeyForm form = KeyForm.Pkcs8, DateTimeOffset? ends = null, bool hasChain = false, string? uri = null, string? dns = null)
    {
        using AsymmetricAlgorithm key = form is KeyForm.RsaPkcs1 or KeyForm.RsaPkcs8
            ? RSA.Create(2048)
            : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        if (uri == null)
        {
            names.AddDnsName(dns ?? $"{name}.cluster");
        }
        else
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using X509Certificate2? between = hasChain ? IssueAuthority($"{name}-authority") : null;
        X509Certificate2 signer = between ?? _authority;
        // An authority signs with its own kind of key, whatever the other's is.
        using X509Certificate2 issued = request.Create(
            signer.SubjectName, X509SignatureGenerator.CreateForECDsa(signer.GetECDsaPrivateKey()!),
            DateTimeOffset.UtcNow.AddDays(-1), ends ?? DateTimeOffset.UtcNow.AddHours(20), RandomNumberGenerator.GetBytes(8));
        string chain = issued.ExportCertificatePem() + "\n" + (between?.ExportCertificatePem() ?? "");
        return (Write($"{name}.pem", chain), Write($"{name}.key", TextOf(key, form)));
    }

    private static string TextOf(AsymmetricAlgorithm key, KeyForm form) => form switch
    {
        KeyForm.Ec => ((ECDsa)key).ExportECPrivateKeyPem(),
        // As "openssl ecparam -genkey" writes it.
        KeyForm.EcWithParameters =>
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ((ECDsa)key).ExportECPrivateKeyPem(),
        KeyForm.RsaPkcs1 => ((RSA)key).ExportRSAPrivateKeyPem(),
        _ => key.ExportPkcs8PrivateKeyPem(),
    };

    private X509Certificate2 IssueAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 issued = request.Create(
            _authority, DateTimeOffset.UtcNow.AddHours(-23), DateTimeOffset.UtcNow.AddHours(21), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        if (path.EndsWith(".key", StringComparison.Ordinal) && OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
