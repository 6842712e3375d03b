using System;
using System.Runtime.InteropServices;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Lease;

/// <summary>
/// The pair {epoch, deadline} in unmanaged memory that a host's data path reads without a call (interop_sessions_lease in the C
/// header). The word's memory is never unmapped, so that a late reader reads a word and not a fault, and never used again:
/// masters of another cluster may give out the same epoch, and code that kept the lease of a closed follower would find it
/// valid. A forked child reads zero, which refuses: the lease is its parent's.
/// </summary>
internal sealed unsafe class LeaseWord : IDisposable
{
    /// <summary>One cache line each: readers of one follower do not disturb another's.</summary>
    private const int SlotBytes = 64;
    private const int SlotsPerBlock = 64;

    private static readonly Lock s_lock = new();
    private static byte* s_next;
    private static int s_left;

    /// <summary>The number of the layout, for readers.</summary>
    private const uint Version = 1;

    private readonly Word* _word;
    private readonly bool _isHosts;
    private bool _isOver;

    /// <param name="address">Where the host wants the word; 0: in memory of the library.</param>
    /// <exception cref="SessionException">InvalidArgument: not a word that nobody uses.</exception>
    internal LeaseWord(nint address = 0)
    {
        if (address != 0)
        {
            RequireUnused(address);
            _word = (Word*)address;
            _isHosts = true;
            return;
        }

        lock (s_lock)
        {
            if (s_left == 0)
            {
                AddBlock();
            }

            _word = (Word*)s_next;
            s_next += SlotBytes;
            s_left--;
        }
    }

    /// <summary>Where the host reads it.</summary>
    internal nint Address => (nint)_word;

    /// <summary>
    /// Shows an epoch and a deadline (0: refuse). A reader takes epoch, deadline, clock and epoch again, so a change of
    /// epoch first takes the deadline away: no reader sees the new deadline with the old epoch.
    /// </summary>
    internal void Publish(ulong epoch, long deadlineNs, SessionState state)
    {
        if (_isOver)
        {
            // The memory may be anything of the host's by now.
            return;
        }

        _word->Version = Version;
        if (_word->Epoch != epoch)
        {
            Volatile.Write(ref _word->DeadlineNs, 0);
            Interlocked.MemoryBarrier();
            Volatile.Write(ref _word->Epoch, epoch);
            Interlocked.MemoryBarrier();
        }

        Volatile.Write(ref _word->DeadlineNs, deadlineNs);
        Volatile.Write(ref _word->State, (uint)state);
    }

    /// <summary>
    /// As interop_sessions_lease_valid of the C header: the clock is read between the two looks at the epoch. It is the machine's, and
    /// no <see cref="BootTime"/> that was passed in: whoever else reads this word, in C or in another process, has that and no other.
    /// </summary>
    internal bool IsValid(ulong epoch)
    {
        ulong before = Volatile.Read(ref _word->Epoch);
        long deadlineNs = Volatile.Read(ref _word->DeadlineNs);
        long nowNs = BootClock.NowNs;
        ulong after = Volatile.Read(ref _word->Epoch);
        return epoch != 0 && before == epoch && after == epoch && nowNs < deadlineNs;
    }

    /// <summary>The word refuses from here on, and is no longer written.</summary>
    public void Dispose()
    {
        Publish(0, 0, SessionState.None);
        _isOver = true;
    }

    /// <summary>Nobody has been given its address: the next one may have its place, unless another has come behind it.</summary>
    internal void TakeBackUnseen()
    {
        if (_isHosts)
        {
            return;
        }

        lock (s_lock)
        {
            if (s_next == (byte*)_word + SlotBytes)
            {
                s_next = (byte*)_word;
                s_left++;
            }
        }
    }

    // Two followers on one word, or memory that is something else, would let a data path serve without a lease.
    private static void RequireUnused(nint address)
    {
        if (address % SlotBytes != 0)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"lease is at 0x{address:x}; it must be at a multiple of {SlotBytes}");
        }

        if (new ReadOnlySpan<byte>((void*)address, SlotBytes).ContainsAnyExcept((byte)0))
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"lease is not {SlotBytes} bytes of 0: another follower's, or not a lease word");
        }
    }

    private static void AddBlock()
    {
        s_next = ForkedMemory.Map(SlotBytes * SlotsPerBlock);
        s_left = SlotsPerBlock;
    }

    [StructLayout(LayoutKind.Sequential, Size = SlotBytes)]
    private struct Word
    {
        public ulong Epoch;
        public long DeadlineNs;
        public uint Version;
        public uint State;
    }
}
