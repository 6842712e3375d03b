using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A master's options as C gives them: 0 means the default of <see cref="Limits"/>.</summary>
internal static unsafe class MasterOptions
{
    /// <summary>Linux's PATH_MAX.</summary>
    private const int MaxPathBytes = 4096;

    internal static SessionMasterOptions FromNative(interop_sessions_master_options native)
    {
        Arguments.RequireReserved(native.reserved, "options->reserved");
        Arguments.RequireReserved(native.reserved2, "options->reserved2");
        return OptionsOf(native);
    }

    private static SessionMasterOptions OptionsOf(interop_sessions_master_options native) => new()
    {
        ListenAddress = Arguments.ReadString(native.listen_address, "options->listen_address", Limits.MaxEndpointBytes),
        StorePath = Arguments.ReadString(native.store_path, "options->store_path", MaxPathBytes),
        CreateStore = native.create_store != 0,
        TermMs = native.term_ms,
        MinTermMs = Arguments.OrDefault(native.min_term_ms, Limits.DefaultMinTermMs),
        MaxTermMs = Arguments.OrDefault(native.max_term_ms, Limits.DefaultMaxTermMs),
        MaxRenewalsPerSecond = Arguments.OrDefault(native.max_renewals_per_second, Limits.DefaultMaxRenewalsPerSecond),
        MaxSessions = Arguments.OrDefault(native.max_sessions, Limits.DefaultMaxSessions),
        MaxItemsPerSession = Arguments.OrDefault(native.max_items_per_session, Limits.DefaultMaxItemsPerSession),
        MaxItemBytes = Arguments.OrDefault(native.max_item_bytes, Limits.DefaultMaxItemBytes),
        MaxSessionBytes = native.max_session_bytes == 0 ? Limits.DefaultMaxSessionBytes : native.max_session_bytes,
        MaxAccessPointsPerIdentity = Arguments.OrDefault(
            native.max_access_points_per_identity, Limits.DefaultMaxAccessPointsPerIdentity),
        StoreMaxBytes = native.store_max_bytes,
        AdvertiseAddress = Arguments.ReadString(
            native.advertise_address, "options->advertise_address", Limits.MaxEndpointBytes),
        Etcd = native.etcd == null ? null : FromNative(Arguments.ReadStruct(native.etcd, "options->etcd")),
        Leadership = (LeadershipSource)native.leadership,
        ClockRateBoundPpm = Arguments.OrDefault(native.clock_rate_bound_ppm, Limits.DefaultClockRateBoundPpm),
    };

    private static EtcdOptions FromNative(interop_sessions_etcd_options native)
    {
        EtcdOptions options = new()
        {
            Endpoints = Arguments.ReadString(native.endpoints, "options->etcd->endpoints", MaxPathBytes),
            Username = Arguments.ReadString(native.username, "options->etcd->username", MaxPathBytes),
            Password = Arguments.ReadString(native.password, "options->etcd->password", MaxPathBytes),
            CaFile = Arguments.ReadString(native.ca_file, "options->etcd->ca_file", MaxPathBytes),
            CertFile = Arguments.ReadString(native.cert_file, "options->etcd->cert_file", MaxPathBytes),
            KeyFile = Arguments.ReadString(native.key_file, "options->etcd->key_file", MaxPathBytes),
            LeaderTermMs = Arguments.OrDefault(native.leader_term_ms, Limits.DefaultLeaderTermMs),
        };
        string prefix = Arguments.ReadString(native.prefix, "options->etcd->prefix", Limits.MaxPrefixLength);
        return prefix.Length == 0 ? options : options with { Prefix = prefix };
    }
}
