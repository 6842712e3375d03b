using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Master;
using Interop.Sessions.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions;

/// <summary>What one process has of the library between initialize and shutdown.</summary>
internal static unsafe class Library
{
    private static readonly Lock s_lifeLock = new();
    private static volatile Life? s_life;

    /// <summary>All handles; they outlive a shutdown, so that old ones stay stale.</summary>
    private static readonly HandleTable s_handles = new();

    /// <summary>The handles of an initialised library.</summary>
    internal static HandleTable Handles
    {
        get
        {
            RequireLife();
            return s_handles;
        }
    }

    /// <summary>Where the parts log to.</summary>
    internal static ILoggerFactory Loggers => RequireLife().Loggers;

    /// <summary>What this library implements, as major &lt;&lt; 16 | minor.</summary>
    internal static uint AbiVersion =>
        (InteropSessionsNative.INTEROP_SESSIONS_ABI_MAJOR << 16) | InteropSessionsNative.INTEROP_SESSIONS_ABI_MINOR;

    internal static void Initialize(interop_sessions_options options)
    {
        RequireCompatible(options.abi_version);
        if (options.log_level > interop_sessions_log_level.INTEROP_SESSIONS_LOG_NONE)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"options->log_level is {(uint)options.log_level}; the limit is 6 (none)");
        }

        lock (s_lifeLock)
        {
            if (s_life != null)
            {
                throw new SessionException(SessionStatus.AlreadyInitialized, "the library is initialised already");
            }

            s_life = new Life(options);
        }
    }

    internal static void Shutdown()
    {
        if (CallbackScope.IsInside)
        {
            throw new SessionException(
                SessionStatus.InCallback, "shutdown waits for all callbacks, so it cannot be called from one");
        }

        lock (s_lifeLock)
        {
            Life life = RequireLife();
            IReadOnlyList<FollowerManager> managers = s_handles.All<FollowerManager>();
            IReadOnlyList<SessionMaster> masters = s_handles.All<SessionMaster>();

            // Stale first: no call on another thread makes a new object while the old ones go.
            s_life = null;
            s_handles.Clear();
            foreach (FollowerManager manager in managers)
            {
                manager.Close();
            }

            foreach (SessionMaster master in masters)
            {
                master.Stop();
            }

            life.Log?.Dispose();
        }
    }

    private static Life RequireLife() => s_life ?? throw new SessionException(
        SessionStatus.NotInitialized, "interop_sessions_initialize was not called, or the library is shut down");

    private static void RequireCompatible(uint callersVersion)
    {
        (uint major, uint minor) = (callersVersion >> 16, callersVersion & 0xffff);
        (uint ownMajor, uint ownMinor) = (AbiVersion >> 16, AbiVersion & 0xffff);
        if (major != ownMajor || minor > ownMinor)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"options->abi_version is {major}.{minor}; this library implements {ownMajor}.{ownMinor}");
        }
    }

    private sealed class Life
    {
        internal Life(interop_sessions_options options)
        {
            Log = options.log == null ? null : new HostLog(options);
            Loggers = Log == null ? NullLoggerFactory.Instance : LoggerFactory.Create(logging => logging
                .SetMinimumLevel((LogLevel)options.log_level)
                .AddProvider(Log)
                .AddFilter("Microsoft", LogLevel.Warning)
                // A server that cannot start is told by the status of the call.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddFilter("Grpc", LogLevel.Warning));
        }

        internal HostLog? Log { get; }

        internal ILoggerFactory Loggers { get; }
    }
}
