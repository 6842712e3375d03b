using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A master's options as C gives them: 0 means the default of <see cref="Limits"/>.</summary>
internal static class MasterOptions
{
    /// <summary>Linux's PATH_MAX.</summary>
    private const int MaxPathBytes = 4096;

    internal static SessionMasterOptions FromNative(interop_sessions_master_options native) => new()
    {
        ListenAddress = Arguments.ReadString(native.listen_address, "options->listen_address", Limits.MaxEndpointBytes),
        StorePath = Arguments.ReadString(native.store_path, "options->store_path", MaxPathBytes),
        TermMs = Arguments.OrDefault(native.term_ms, Limits.DefaultTermMs),
        MinTermMs = Arguments.OrDefault(native.min_term_ms, Limits.DefaultMinTermMs),
        MaxTermMs = Arguments.OrDefault(native.max_term_ms, Limits.DefaultMaxTermMs),
        MaxRenewalsPerSecond = Arguments.OrDefault(native.max_renewals_per_second, Limits.DefaultMaxRenewalsPerSecond),
        MaxSessions = Arguments.OrDefault(native.max_sessions, Limits.DefaultMaxSessions),
        MaxItemsPerSession = Arguments.OrDefault(native.max_items_per_session, Limits.DefaultMaxItemsPerSession),
        MaxItemBytes = Arguments.OrDefault(native.max_item_bytes, Limits.DefaultMaxItemBytes),
        MaxSessionBytes = native.max_session_bytes == 0 ? Limits.DefaultMaxSessionBytes : native.max_session_bytes,
        StoreMaxBytes = native.store_max_bytes,
    };
}
