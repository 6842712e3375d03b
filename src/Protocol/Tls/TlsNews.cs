using System;
using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Protocol;

/// <summary>How news of certificates are worded.</summary>
public static class TlsNews
{
    /// <summary>The files of certificates, with commas between.</summary>
    public static string FilesOf(TlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.Join(", ", new[] { options.CertFile, options.CaFile }.Where(file => file.Length > 0));
    }

    /// <summary>When a certificate ends.</summary>
    public static string TextOf(DateTime? until) => until?.ToString("u", CultureInfo.InvariantCulture) ?? "whenever the master's ends";
}
