using System;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Protocol;

/// <summary>
/// OpenSSL, which .NET loads at the first use of TLS, and where it is missing ends the process. So it is looked for before, and its
/// absence is an error.
/// </summary>
internal static class LibSsl
{
    // In the order in which .NET's own loader looks.
    private static readonly string[] s_versions = ["3", "1.1"];

    /// <exception cref="SessionException">Unsupported, naming what is missing.</exception>
    internal static void Require()
    {
        string? chosen = Environment.GetEnvironmentVariable("CLR_OPENSSL_VERSION_OVERRIDE");
        foreach (string version in string.IsNullOrEmpty(chosen) ? s_versions : [chosen, .. s_versions])
        {
            // Never unloaded: .NET loads it in a moment.
            if (NativeLibrary.TryLoad($"libssl.so.{version}", out _))
            {
                return;
            }
        }

        throw new SessionException(
            SessionStatus.Unsupported, "TLS needs OpenSSL: libssl.so.3 (or libssl.so.1.1) is not found by the loader");
    }
}
