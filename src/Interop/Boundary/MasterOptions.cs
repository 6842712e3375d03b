using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A master's options as C gives them: 0 means the default of <see cref="Limits"/>.</summary>
internal static unsafe class MasterOptions
{
    internal static SessionMasterOptions FromNative(interop_sessions_master_options native)
    {
        Arguments.RequireReserved(native.reserved, "options->reserved");
        return OptionsOf(native);
    }

    private static SessionMasterOptions OptionsOf(interop_sessions_master_options native) => new()
    {
        ListenAddress = Arguments.ReadString(native.listen_address, "options->listen_address", Limits.MaxEndpointBytes),
        StorePath = Arguments.ReadString(native.store_path, "options->store_path", Limits.MaxPathBytes),
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
        StoreMaxBytes = native.store_max_bytes == 0 ? Limits.DefaultStoreBytes : native.store_max_bytes,
        AdvertiseAddress = Arguments.ReadString(
            native.advertise_address, "options->advertise_address", Limits.MaxEndpointBytes),
        Etcd = native.etcd == null ? null : FromNative(Arguments.ReadStruct(native.etcd, "options->etcd")),
        Tls = TlsArguments.Read(native.tls, "options->tls"),
        Insecure = TlsArguments.Read(native.insecure, "options->insecure"),
        AuthorizationFile = Arguments.ReadString(native.authorization_file, "options->authorization_file", Limits.MaxPathBytes),
        AdminListenAddress = Arguments.ReadString(native.admin_listen_address, "options->admin_listen_address", Limits.MaxEndpointBytes),
        UnixSocket = Arguments.ReadString(native.unix_socket, "options->unix_socket", Limits.MaxPathBytes),
        TokensFile = Arguments.ReadString(native.tokens_file, "options->tokens_file", Limits.MaxPathBytes),
        Leadership = (LeadershipSource)native.leadership,
        ClockRateBoundPpm = Arguments.OrDefault(native.clock_rate_bound_ppm, Limits.DefaultClockRateBoundPpm),
    };

    private static EtcdOptions FromNative(interop_sessions_etcd_options native)
    {
        Arguments.RequireReserved(native.reserved, "options->etcd->reserved");
        EtcdOptions options = new()
        {
            Endpoints = Arguments.ReadString(native.endpoints, "options->etcd->endpoints", Limits.MaxPathBytes),
            Username = Arguments.ReadString(native.username, "options->etcd->username", Limits.MaxPathBytes),
            Password = Arguments.ReadString(native.password, "options->etcd->password", Limits.MaxPathBytes),
            PasswordFile = Arguments.ReadString(native.password_file, "options->etcd->password_file", Limits.MaxPathBytes),
            Tls = TlsArguments.Read(native.tls, "options->etcd->tls"),
            Insecure = TlsArguments.Read(native.insecure, "options->etcd->insecure"),
            LeaderTermMs = Arguments.OrDefault(native.leader_term_ms, Limits.DefaultLeaderTermMs),
        };
        string prefix = Arguments.ReadString(native.prefix, "options->etcd->prefix", Limits.MaxPrefixLength);
        return prefix.Length == 0 ? options : options with { Prefix = prefix };
    }
}
