using System;
using System.Linq;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>
/// What a host says of the threads of the library; C/threads.c acts on it, and here it is refused. Threads are the process's, so what the
/// first user of the library says counts for all.
/// </summary>
/// <param name="CpuMask">The bytes of a cpu_set_t; empty: those of the main thread.</param>
/// <param name="StackBytes">The least; 0: the default.</param>
/// <param name="Class">Of scheduling.</param>
/// <param name="Priority">Of real-time threads.</param>
internal sealed record ThreadOptions(byte[] CpuMask, uint StackBytes, interop_sessions_thread_class Class, uint Priority)
{
    /// <summary>As the host gave them.</summary>
    /// <exception cref="SessionException">InvalidArgument.</exception>
    internal static unsafe ThreadOptions Of(interop_sessions_options options)
    {
        Require(
            options.cpu_mask.size <= Limits.MaxCpuMaskBytes,
            $"options->cpu_mask has {options.cpu_mask.size} bytes; the limit is {Limits.MaxCpuMaskBytes}");
        byte[] mask = Arguments.ReadBytes(options.cpu_mask, "options->cpu_mask", Limits.MaxCpuMaskBytes);
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
            isRealTime ? options.thread_priority is >= 1 and <= Limits.MaxThreadPriority : options.thread_priority == 0,
            $"options->thread_priority is {options.thread_priority}; " +
            $"it must be 1 to {Limits.MaxThreadPriority} for FIFO and ROUND_ROBIN, and 0 for all else");
        return new ThreadOptions(mask, options.thread_stack_bytes, options.thread_class, options.thread_priority);
    }

    /// <summary>A later user of the library cannot change them, so it must not believe that it has.</summary>
    /// <exception cref="SessionException">InvalidArgument.</exception>
    internal void RequireSameAs(ThreadOptions first)
    {
        RequireSame(CpuMask.Length == 0 || CpuMask.SequenceEqual(first.CpuMask), "cpu_mask");
        RequireSame(StackBytes == 0 || StackBytes == first.StackBytes, "thread_stack_bytes");
        RequireSame(
            (Class == interop_sessions_thread_class.INTEROP_SESSIONS_THREADS_AS_MAIN && Priority == 0) ||
                (Class, Priority) == (first.Class, first.Priority),
            "thread_class");
    }

    private static void RequireSame(bool isSame, string name) => Require(
        isSame, $"options->{name} is another than the library's first user in this process has chosen; leave it 0, or say the same");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SessionException(SessionStatus.InvalidArgument, otherwise);
        }
    }
}
