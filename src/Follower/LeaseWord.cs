using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <summary>
/// The pair {epoch, deadline} in unmanaged memory that a host's data path reads without asking anybody
/// (interop_sessions_lease in the C header). Its memory is never unmapped, so that a late reader reads a word and not a
/// fault; a slot that is used again carries another epoch.
/// </summary>
internal sealed unsafe class LeaseWord : IDisposable
{
    /// <summary>One cache line each: readers of one follower do not disturb another's.</summary>
    private const int SlotBytes = 64;
    private const int SlotsPerBlock = 64;

    private static readonly Lock s_lock = new();
    private static readonly Stack<nint> s_free = new();

    private readonly Word* _word;

    internal LeaseWord()
    {
        lock (s_lock)
        {
            if (s_free.Count == 0)
            {
                AddBlock();
            }

            _word = (Word*)s_free.Pop();
        }
    }

    /// <summary>Where the host reads it.</summary>
    internal nint Address => (nint)_word;

    /// <summary>
    /// Shows an epoch and a deadline (0: refuse). A reader takes epoch, deadline, clock and epoch again, so a change of
    /// epoch first takes the deadline away: no reader sees the new deadline with the old epoch.
    /// </summary>
    internal void Publish(ulong epoch, long deadlineNs)
    {
        if (_word->Epoch != epoch)
        {
            Volatile.Write(ref _word->DeadlineNs, 0);
            Interlocked.MemoryBarrier();
            Volatile.Write(ref _word->Epoch, epoch);
            Interlocked.MemoryBarrier();
        }

        Volatile.Write(ref _word->DeadlineNs, deadlineNs);
    }

    /// <summary>Gives the slot to whoever comes next; it refuses until then.</summary>
    public void Dispose()
    {
        Publish(0, 0);
        lock (s_lock)
        {
            s_free.Push(Address);
        }
    }

    private static void AddBlock()
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc(SlotBytes * SlotsPerBlock, SlotBytes);
        NativeMemory.Clear(block, SlotBytes * SlotsPerBlock);
        for (int i = SlotsPerBlock - 1; i >= 0; i--)
        {
            s_free.Push((nint)(block + (i * SlotBytes)));
        }
    }

    private struct Word
    {
        public ulong Epoch;
        public long DeadlineNs;
    }
}
