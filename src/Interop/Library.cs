using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions;

/// <summary>What one process has of the library between initialize and shutdown.</summary>
internal static class Library
{
    /// <summary>Guards the three below; never held while anybody waits for a callback, so that a callback may call anything.</summary>
    private static readonly object s_gate = new();
    private static volatile Life? s_life;
    private static bool s_ending;

    /// <summary>Calls that make a manager or a master and are not over: shutdown waits for them, and closes what they made.</summary>
    private static int s_creations;

    /// <summary>All handles; they outlive a shutdown, so that old ones stay stale.</summary>
    private static readonly HandleTable s_handles = new();

    /// <summary>
    /// The handles of an initialised library. They are good until a shutdown has closed everything: a close on another thread waits
    /// for the same end.
    /// </summary>
    internal static HandleTable Handles
    {
        get
        {
            RequireLife();
            return s_handles;
        }
    }

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

        ThreadOptions.RequireValid(options);
        lock (s_gate)
        {
            if (s_life != null)
            {
                // Without waiting for a shutdown: the caller may be a callback that it waits for.
                throw new SessionException(
                    SessionStatus.AlreadyInitialized,
                    s_ending ? "the library is being shut down, and that is not over" : "the library is initialised already");
            }

            PoolThreads.Make(Limits.PoolThreads);
            s_life = new Life(options);
        }
    }

    /// <summary>Before a call makes an object that only a shutdown would close; disposed of when the object has its handle.</summary>
    internal static Creation BeginCreation()
    {
        lock (s_gate)
        {
            Life life = RequireLife();
            if (s_ending)
            {
                throw new SessionException(SessionStatus.NotInitialized, "the library is being shut down");
            }

            s_creations++;
            return new Creation(life.Loggers);
        }
    }

    internal static void Shutdown()
    {
        if (CallbackScope.IsInside)
        {
            throw new SessionException(
                SessionStatus.InCallback, "shutdown waits for all callbacks, so it cannot be called from one");
        }

        Life life = BeginEnd();
        Exception? failure = CloseAll();
        life.Log?.Dispose();
        lock (s_gate)
        {
            s_handles.Clear();
            s_life = null;
            s_ending = false;
            Monitor.PulseAll(s_gate);
        }

        if (failure != null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>From here on nothing new is made. Who comes second waits until the first is through, and is told as if it came later.</summary>
    private static Life BeginEnd()
    {
        lock (s_gate)
        {
            while (s_ending)
            {
                Monitor.Wait(s_gate);
            }

            Life life = RequireLife();
            s_ending = true;
            while (s_creations > 0)
            {
                Monitor.Wait(s_gate);
            }

            return life;
        }
    }

    // One that cannot be closed as it should stops no other, nor the shutdown; what it said is told.
    private static Exception? CloseAll()
    {
        Exception? first = null;
        foreach (IDisposable part in (IEnumerable<IDisposable>)
            [.. s_handles.All<FollowerManager>(), .. s_handles.All<SessionMaster>()])
        {
            try
            {
                part.Dispose();
            }
            catch (Exception failure)
            {
                first ??= failure;
            }
        }

        return first;
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
                SessionStatus.AbiMismatch,
                $"options->abi_version is {major}.{minor}; this library implements {ownMajor}.{ownMinor}");
        }
    }

    /// <summary>A call that makes a manager or a master.</summary>
    internal readonly ref struct Creation(ILoggerFactory loggers) : IDisposable
    {
        /// <summary>Makes it, with where it logs to, and gives its handle.</summary>
        internal ulong Add(Func<ILoggerFactory, object> make)
        {
            ILoggerFactory where = loggers;
            return s_handles.Add(owner: 0, () => make(where));
        }

        public void Dispose()
        {
            lock (s_gate)
            {
                s_creations--;
                Monitor.PulseAll(s_gate);
            }
        }
    }
}
