using System;
using System.Collections.Concurrent;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Native;
using Interop.Sessions.Tests.Support;
using static Interop.Sessions.Native.InteropSessionsNative;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>An initialised library with a master and a follower that holds a session, all through the C ABI.</summary>
internal sealed unsafe class RunningSession : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessions").FullName;
    private readonly GCHandle _self;
    private readonly TestCertificates? _certificates;

    /// <param name="isGuarded">With TLS, and with rules and a host that is asked for rights?</param>
    internal RunningSession(bool isGuarded = false)
    {
        _self = GCHandle.Alloc(this);
        _certificates = isGuarded ? new TestCertificates(_folder) : null;
        interop_sessions_error error = Native.NewError();
        interop_sessions_options options = new()
        {
            struct_size = (uint)sizeof(interop_sessions_options),
            abi_version = 1 << 16,
            log = &OnLog,
            log_user_data = UserData,
            log_level = interop_sessions_log_level.INTEROP_SESSIONS_LOG_INFORMATION,
        };
        Native.Ok(interop_sessions_initialize(&options, Native.NewLibrary(), &error), error);
        StartMaster();
        CreateManager();
        CreateFollower();
    }

    /// <summary>What was called, in order.</summary>
    internal ConcurrentQueue<string> Events { get; } = new();

    internal ConcurrentQueue<string> Steps { get; } = new();

    internal interop_sessions_master Master { get; private set; }

    internal interop_sessions_follower_manager Manager { get; private set; }

    internal interop_sessions_follower Follower { get; private set; }

    internal void* UserData => (void*)GCHandle.ToIntPtr(_self);

    /// <summary>Steps 1 to 6, blocking.</summary>
    internal interop_sessions_session_info CreateSession()
    {
        interop_sessions_error error = Native.NewError();
        interop_sessions_server_description description = NewDescription();
        interop_sessions_session_info session = new() { struct_size = (uint)sizeof(interop_sessions_session_info) };
        Native.Ok(interop_sessions_follower_create_session(Follower, &description, Native.Within(20_000), &session, &error), error);
        return session;
    }

    internal static interop_sessions_server_description NewDescription() => new()
    {
        struct_size = (uint)sizeof(interop_sessions_server_description),
        term_ms = 2000,
        capabilities = 0b111,
        endpoints = Native.Endpoints((interop_sessions_access_point_kind.INTEROP_SESSIONS_ACCESS_POINT_NFS, "10.0.0.1:2049")),
        endpoint_count = 1,
    };

    public void Dispose()
    {
        interop_sessions_error error = Native.NewError();
        interop_sessions_shutdown(Native.Library, 0, &error);
        _self.Free();
        Directory.Delete(_folder, recursive: true);
    }

    private uint InsecureUnlessGuarded => (uint)(_certificates == null ? Insecure.Loopback : Insecure.No);

    private static interop_sessions_tls_options NewTls() => new() { struct_size = (uint)sizeof(interop_sessions_tls_options) };

    private void StartMaster()
    {
        interop_sessions_error error = Native.NewError();
        interop_sessions_access_manager hooks = new()
        {
            struct_size = (uint)sizeof(interop_sessions_access_manager),
            user_data = UserData,
            check_leader = &OnCheckLeader,
            session_initialize = &OnInitialize,
            session_created = &OnMasterCreated,
            session_ended = &OnExpired,
            data_report = &OnReport,
        };
        interop_sessions_tls_options tls = NewTls();
        interop_sessions_master_options options = new()
        {
            struct_size = (uint)sizeof(interop_sessions_master_options),
            listen_address = Native.Text("127.0.0.1:0"),
            insecure = InsecureUnlessGuarded,
            store_path = Native.Text(Path.Combine(_folder, "sessions.db")),
            access_manager = &hooks,
            create_store = 1,
            term_ms = 2000,
            max_term_ms = 2000,
        };
        if (_certificates != null)
        {
            (string certificate, string key) = _certificates.Issue("master");
            (tls.cert_file, tls.key_file) = (Native.Text(certificate), Native.Text(key));
            options.tls = &tls;
            string rules = Path.Combine(_folder, "rules");
            File.WriteAllText(rules, "allow - serve *\n");
            options.authorization_file = Native.Text(rules);
            hooks.authorize = &OnAuthorize;
        }

        interop_sessions_master master;
        Native.Ok(interop_sessions_master_start(Native.Library, &options, &master, &error), error);
        Master = master;
    }

    private void CreateManager()
    {
        interop_sessions_error error = Native.NewError();
        ushort port;
        Native.Ok(interop_sessions_master_port(Master, &port, &error), error);
        interop_sessions_string endpoint = Native.Text($"127.0.0.1:{port}");
        interop_sessions_follower_manager_options options = new()
        {
            struct_size = (uint)sizeof(interop_sessions_follower_manager_options),
            endpoint_count = 1,
            insecure = InsecureUnlessGuarded,
            endpoints = &endpoint,
        };
        interop_sessions_tls_options tls = NewTls();
        if (_certificates != null)
        {
            tls.ca_file = Native.Text(_certificates.CaFile);
            options.tls = &tls;
        }

        interop_sessions_follower_manager manager;
        Native.Ok(interop_sessions_follower_manager_create(Native.Library, &options, &manager, &error), error);
        Manager = manager;
    }

    private void CreateFollower()
    {
        interop_sessions_error error = Native.NewError();
        interop_sessions_follower_callbacks callbacks = new()
        {
            struct_size = (uint)sizeof(interop_sessions_follower_callbacks),
            user_data = UserData,
            session_created = &OnCreated,
            session_lost = &OnLost,
            state_changed = &OnState,
        };
        interop_sessions_follower_options options = new()
        {
            struct_size = (uint)sizeof(interop_sessions_follower_options),
            identity = Native.Text("cs1"),
            callbacks = &callbacks,
        };
        interop_sessions_follower follower;
        Native.Ok(interop_sessions_follower_create(Manager, &options, &follower, &error), error);
        Follower = follower;
    }

    internal static RunningSession Of(void* userData) => (RunningSession)GCHandle.FromIntPtr((nint)userData).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(void* user, interop_sessions_log_record* record)
    {
        for (uint i = 0; i < record->field_count; i++)
        {
            if (Native.ToText(record->first_field[i].name) == "Step")
            {
                Of(user).Steps.Enqueue(Native.ToText(record->first_field[i].value));
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnCheckLeader(void* user, interop_sessions_leader_answer* answer) => answer->leads = 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAuthorize(void* user, interop_sessions_access_request* request, interop_sessions_verdict* verdict)
    {
        // Whatever the rules allow.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnInitialize(
        void* user, interop_sessions_session_request* request, interop_sessions_session_amendment* amendment,
        interop_sessions_verdict* verdict)
    {
        Of(user).Events.Enqueue($"initialize {Native.ToText(request->identity)}");
        amendment->term_ms = 1500;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMasterCreated(
        void* user, interop_sessions_session_request* request, interop_sessions_session_grant* grant,
        interop_sessions_verdict* verdict)
    {
        Of(user).Events.Enqueue($"master created epoch {request->epoch}");
        grant->capabilities = request->capabilities & 0b101;
        grant->report_start_pid = 0;
        grant->report_size = 4;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnExpired(void* user, interop_sessions_session_request* request, interop_sessions_session_end* end) =>
        Of(user).Events.Enqueue($"ended {end->reason}");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnReport(
        void* user, interop_sessions_data_report* report, interop_sessions_report_window* next,
        interop_sessions_verdict* verdict)
    {
        Of(user).Events.Enqueue($"report {report->pid_count} from {report->window->start_pid}");
        next->start_pid = report->window->start_pid == 0 ? 4UL : 0UL;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnCreated(void* user, interop_sessions_session_info* session, interop_sessions_verdict* verdict) =>
        Of(user).Events.Enqueue("created");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLost(void* user, interop_sessions_session_info* session, interop_sessions_session_end* end) =>
        Of(user).Events.Enqueue($"lost {end->reason}");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnState(void* user, interop_sessions_session_info* session) =>
        Of(user).Events.Enqueue($"state {session->state}{DrainOf(*session)}");

    /// <summary>What is said of a drain; empty: nothing.</summary>
    internal static string DrainOf(interop_sessions_session_info session)
    {
        string reason = Marshal.PtrToStringUTF8((nint)(&session.drain_reason))!;
        return (session.flags, reason) == (0, "") ? "" : $" {string.Join(',', ((SessionFlags)session.flags).Names())} '{reason}'";
    }
}
