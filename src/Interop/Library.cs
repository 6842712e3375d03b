using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions;

/// <summary>
/// What one user of the library has of it between initialize and shutdown: the host, or a plug-in that knows nothing of the others in
/// the process. Each has a log and objects of its own; handles and threads are the process's.
/// </summary>
internal sealed class Library
{
    /// <summary>Guards what follows; never held while anybody waits for a callback, so that a callback may call anything.</summary>
    private static readonly object s_gate = new();

    /// <summary>All handles; they outlive a shutdown, so that old ones stay stale.</summary>
    private static readonly HandleTable s_handles = new();
    private static int s_libraries;
    private static ThreadOptions? s_threads;

    private readonly HostLog? _log;
    private readonly ILoggerFactory _loggers;
    private readonly Ending _ending;

    /// <summary>Calls that make a manager or a master and are not over: shutdown waits for them, and closes what they made.</summary>
    private int _creations;
    private bool _isEnding;
    private ulong _handle;

    private Library(HostLog? log)
    {
        _log = log;
        _loggers = _log == null ? NullLoggerFactory.Instance : new HostLoggers(LoggerFactory.Create(logging => logging
            // The log itself says which records it wants; that may change.
            .SetMinimumLevel(LogLevel.Trace)
            .AddProvider(_log)));
        _ending = new Ending("sessions-stop", End);
    }

    /// <summary>The handles of an initialised library.</summary>
    /// <exception cref="SessionException">NotInitialized: nobody uses it.</exception>
    internal static HandleTable Handles => Volatile.Read(ref s_libraries) > 0 ? s_handles : throw NotInitialized();

    /// <summary>What is behind a handle, or null if it was and is over, also where that was the end of the whole library.</summary>
    /// <exception cref="SessionException">InvalidHandle; NotInitialized: nobody uses it, and the handle was none.</exception>
    internal static T? FindUnlessOver<T>(HandleMark mark, ulong handle, string name)
        where T : class
    {
        try
        {
            return s_handles.GetUnlessOver<T>(mark, handle, name);
        }
        catch (SessionException) when (Count == 0)
        {
            throw NotInitialized();
        }
    }

    /// <summary>How many users it has.</summary>
    internal static int Count => Volatile.Read(ref s_libraries);

    /// <summary>What this library implements, as major &lt;&lt; 16 | minor.</summary>
    internal static uint AbiVersion =>
        (InteropSessionsNative.INTEROP_SESSIONS_ABI_MAJOR << 16) | InteropSessionsNative.INTEROP_SESSIONS_ABI_MINOR;

    /// <summary>Another user begins.</summary>
    /// <exception cref="SessionException">AbiMismatch, InvalidArgument, TooManyObjects or OutOfResources.</exception>
    internal static ulong Initialize(interop_sessions_options options)
    {
        RequireCompatible(options.abi_version);
        LogLevels.RequireValid(options.log_level, "options->log_level");
        ThreadOptions threads = ThreadOptions.Of(options);
        lock (s_gate)
        {
            if (s_libraries >= Limits.MaxLibraries)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects, $"the library is in use {s_libraries} times in this process, which is the limit");
            }

            if (s_libraries > 0)
            {
                threads.RequireSameAs(s_threads!);
            }

            PoolThreads.Make(Limits.PoolThreads);
            ulong handle = Enter(HostLog.Of(options));
            s_threads = s_libraries == 0 ? threads : s_threads;
            Volatile.Write(ref s_libraries, s_libraries + 1);
            return handle;
        }
    }

    internal static Library Of(interop_sessions_library library) => Handles.Get<Library>(library.value, "library");

    /// <summary>What it has, and what became of its log.</summary>
    internal interop_sessions_library_statistics Statistics
    {
        get
        {
            interop_sessions_library_statistics counted = new()
            {
                follower_managers = (uint)s_handles.CountBelow<FollowerManager>(_handle),
                masters = (uint)s_handles.CountBelow<HostMaster>(_handle),
                followers = (uint)s_handles.CountBelow<SessionFollower>(_handle),
                operations = (uint)s_handles.CountBelow<HostCompletion>(_handle),
            };
            _log?.AddTo(ref counted);
            return counted;
        }
    }

    /// <inheritdoc cref="LogLevels.Set"/>
    internal void SetLogLevel(string category, LogLevel level) => _log?.Levels.Set(category, level);

    /// <summary>Before a call makes an object that only a shutdown would close; disposed of when the object has its handle.</summary>
    internal Creation BeginCreation()
    {
        lock (s_gate)
        {
            if (_isEnding)
            {
                throw new SessionException(SessionStatus.NotInitialized, "the library is being shut down");
            }

            _creations++;
            return new Creation(this);
        }
    }

    /// <summary>Closes all that was made with one and flushes its log.</summary>
    /// <exception cref="SessionException">InCallback; InvalidHandle; TimedOut: it goes on.</exception>
    internal static void Shutdown(interop_sessions_library library, int timeoutMs)
    {
        // Before the handle is looked at: the answer shall not depend on another caller that ends it.
        if (CallbackScope.IsInside)
        {
            throw new SessionException(
                SessionStatus.InCallback, "shutdown waits for all callbacks, so it cannot be called from one");
        }

        Library target = Of(library);
        lock (s_gate)
        {
            target._isEnding = true;
        }

        if (!target._ending.Wait(timeoutMs))
        {
            throw new SessionException(SessionStatus.TimedOut, $"the library is not shut down after {timeoutMs} ms; it goes on")
            {
                IsOutcomeUnknown = true,
            };
        }
    }

    private static SessionException NotInitialized() =>
        new(SessionStatus.NotInitialized, "interop_sessions_initialize was not called, or the library is shut down");

    private static ulong Enter(HostLog? log)
    {
        try
        {
            Library library = new(log);
            return library._handle = s_handles.Add(library);
        }
        catch
        {
            log?.Abandon();
            throw;
        }
    }

    private void End()
    {
        lock (s_gate)
        {
            while (_creations > 0)
            {
                Monitor.Wait(s_gate);
            }
        }

        Exception? failure = CloseAll();
        _log?.Dispose();
        lock (s_gate)
        {
            s_handles.Remove(_handle);
            Volatile.Write(ref s_libraries, s_libraries - 1);
        }

        if (failure != null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    // An object that cannot be closed as it should stops no other, nor the shutdown; its error is reported.
    private Exception? CloseAll()
    {
        Exception? first = null;
        foreach (IDisposable part in s_handles.OwnedBy(_handle).OfType<IDisposable>().OrderBy(part => part is HostMaster))
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
    internal sealed class Creation(Library library) : IDisposable
    {
        /// <summary>Makes it, with where it logs to, and gives its handle.</summary>
        internal ulong Add(Func<ILoggerFactory, object> make)
        {
            return s_handles.Add(library._handle, () => make(library._loggers));
        }

        public void Dispose()
        {
            lock (s_gate)
            {
                library._creations--;
                Monitor.PulseAll(s_gate);
            }
        }
    }
}
