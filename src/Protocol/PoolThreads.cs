using System;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Protocol;

/// <summary>
/// Makes the threads of .NET's pool, its timer and its sockets before anything needs them, and lets the pool make no more. It ends
/// the process when it finds no thread while it works; here a failure is an error of one call.
/// </summary>
/// <remarks>They stay: System.Threading.ThreadPool.ThreadsToKeepAlive is -1 where this is used.</remarks>
public static partial class PoolThreads
{
    private static readonly Lock s_lock = new();
    private static bool s_areWorkersMade;

    /// <summary>Threads that the pool counts although they could not be made.</summary>
    private static int s_phantoms;
    private static bool s_areOthersMade;

    /// <summary>Makes those that are missing. The pool must not have been used before.</summary>
    /// <exception cref="SessionException">OutOfResources: some are missing, and can be made by another call.</exception>
    public static void Make(int count)
    {
        lock (s_lock)
        {
            try
            {
                if (!s_areWorkersMade)
                {
                    MakeWorkers(count);
                }

                if (!s_areOthersMade)
                {
                    MakeTimerThread();
                    RequireDescriptors();
                    MakeSocketThread();
                    // Every call of gRPC looks at it; it reads random numbers, once.
                    RuntimeHelpers.RunClassConstructor(typeof(Activity).TypeHandle);
                    s_areOthersMade = true;
                }
            }
            catch (Exception error) when (error is OutOfMemoryException or SocketException or TypeInitializationException)
            {
                throw new SessionException(
                    SessionStatus.OutOfResources,
                    $"no thread or descriptor for .NET's pool: the process is at a limit, or out of memory ({error.Message})", error);
            }
        }
    }

    // One at a time, each held until all are there: so it is this thread that makes each of them, and that hears of a failure.
    private static void MakeWorkers(int count)
    {
        // Not disposed of: what was queued in vain may still run, once there is a thread.
        ManualResetEventSlim release = new();
        SemaphoreSlim ended = new(0);
        int held = 0;
        try
        {
            // Unless variables of .NET's own set other limits.
            while (held < count && TryLimit(held + 1 + s_phantoms))
            {
                Hold(release, ended);
                held++;
            }

            s_areWorkersMade = true;
        }
        finally
        {
            release.Set();
            for (int i = 0; i < held; i++)
            {
                ended.Wait();
            }
        }
    }

    private static void Hold(ManualResetEventSlim release, SemaphoreSlim ended)
    {
        SemaphoreSlim begun = new(0);
        try
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    begun.Release();
                    release.Wait();
                    ended.Release();
                },
                null);
        }
        catch (OutOfMemoryException)
        {
            s_phantoms++;
            throw;
        }

        begun.Wait();
    }

    private static bool TryLimit(int most)
    {
        ThreadPool.GetMinThreads(out int least, out int leastPorts);
        ThreadPool.GetMaxThreads(out _, out int mostPorts);
        try
        {
            return (least <= most || ThreadPool.SetMinThreads(most, leastPorts)) &&
                ThreadPool.SetMaxThreads(most, mostPorts) && ThreadPool.SetMinThreads(most, leastPorts);
        }
        catch (OutOfMemoryException)
        {
            // It may make a thread at once.
            s_phantoms++;
            throw;
        }
    }

    private static void MakeTimerThread()
    {
        using ManualResetEventSlim rang = new();
        using Timer timer = new(_ => rang.Set(), null, dueTime: 1, period: Timeout.Infinite);
        rang.Wait();
    }

    // What .NET fails to begin once it never begins, so there must be a descriptor for it, and one for the socket.
    private static void RequireDescriptors()
    {
        using SafeFileHandle first = NewPort();
        using SafeFileHandle second = NewPort();
    }

    private static SafeFileHandle NewPort()
    {
        int descriptor = NewPort(CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new SessionException(
            SessionStatus.OutOfResources,
            $"no descriptor for .NET's sockets: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    private const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int NewPort(int flags);

    // A receive that has nothing to receive is what the thread is for.
    private static void MakeSocketThread()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using CancellationTokenSource enough = new();
        System.Threading.Tasks.Task<int> receiving =
            socket.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.None, enough.Token).AsTask();
        enough.Cancel();
        try
        {
            receiving.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }
}
