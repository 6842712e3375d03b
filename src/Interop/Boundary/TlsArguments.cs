using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>The options of TLS as C gives them.</summary>
internal static unsafe class TlsArguments
{
    /// <summary>With whom connections without TLS are allowed.</summary>
    internal static Insecure Read(uint native, string name) => native <= (uint)Insecure.Anywhere
        ? (Insecure)native
        : throw new SessionException(
            SessionStatus.InvalidArgument, $"{name} is {native}; it must be 0 (no), 1 (loopback) or 2 (anywhere)");

    /// <summary>NULL: no TLS is spoken.</summary>
    internal static TlsOptions? Read(interop_sessions_tls_options* source, string name)
    {
        if (source == null)
        {
            return null;
        }

        interop_sessions_tls_options native = Arguments.ReadStruct(source, name);
        TlsOptions options = new()
        {
            CaFile = Arguments.ReadString(native.ca_file, $"{name}->ca_file", Limits.MaxPathBytes),
            CertFile = Arguments.ReadString(native.cert_file, $"{name}->cert_file", Limits.MaxPathBytes),
            KeyFile = Arguments.ReadString(native.key_file, $"{name}->key_file", Limits.MaxPathBytes),
            ServerName = Arguments.ReadString(native.server_name, $"{name}->server_name", Limits.MaxTlsNameBytes),
            WarningDays = Arguments.OrDefault(native.warning_days, Limits.DefaultCertificateWarningDays),
        };
        string version = Arguments.ReadString(native.minimum_version, $"{name}->minimum_version", Limits.MaxTlsNameBytes);
        return version.Length == 0 ? options : options with { MinimumVersion = version };
    }
}
