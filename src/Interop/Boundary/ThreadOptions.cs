using System;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>What a host says of the threads of the library; C/threads.c acts on it, and here it is refused.</summary>
internal static unsafe class ThreadOptions
{
    /// <summary>Bytes of a CPU mask: 8192 CPUs are as many as Linux supports.</summary>
    private const int MaxCpuMaskBytes = 1024;

    /// <summary>Of a real-time thread, on Linux.</summary>
    private const uint MaxPriority = 99;

    internal static void RequireValid(interop_sessions_options options)
    {
        Require(
            options.cpu_mask.size <= MaxCpuMaskBytes,
            $"options->cpu_mask has {options.cpu_mask.size} bytes; the limit is {MaxCpuMaskBytes}");
        byte[] mask = Arguments.ReadBytes(options.cpu_mask, "options->cpu_mask", MaxCpuMaskBytes);
        Require(mask.Length == 0 || mask.AsSpan().ContainsAnyExcept((byte)0), "options->cpu_mask names no CPU");
        Require(
            options.thread_stack_bytes <= Limits.MaxStackBytes,
            $"options->thread_stack_bytes is {options.thread_stack_bytes}; the limit is {Limits.MaxStackBytes}");
        Require(
            Enum.IsDefined(options.thread_class),
            $"options->thread_class is {(uint)options.thread_class}, which is no class of threads");
        bool isRealTime = options.thread_class is
            interop_sessions_thread_class.INTEROP_SESSIONS_THREADS_FIFO or
            interop_sessions_thread_class.INTEROP_SESSIONS_THREADS_ROUND_ROBIN;
        Require(
            isRealTime ? options.thread_priority is >= 1 and <= MaxPriority : options.thread_priority == 0,
            $"options->thread_priority is {options.thread_priority}; " +
            $"it must be 1 to {MaxPriority} for FIFO and ROUND_ROBIN, and 0 for all else");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SessionException(SessionStatus.InvalidArgument, otherwise);
        }
    }
}
