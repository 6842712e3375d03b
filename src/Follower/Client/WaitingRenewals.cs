using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>A renewal, or an inquiry, on its way out.</summary>
/// <param name="Key">Whose.</param>
/// <param name="IntervalMs">How long an answer may take: the next renewal follows by then.</param>
/// <param name="AskedNs">When the follower asked for it.</param>
/// <param name="DeadlineNs">D_f as it was then; 0: the data path refuses.</param>
internal readonly record struct PendingRenewal(SessionKey Key, uint IntervalMs, long AskedNs, long DeadlineNs)
{
    /// <summary>It asks for the session's standing and renews nothing.</summary>
    internal bool IsInquiry { get; init; }

    /// <summary>Whether the host still vouches for itself; null: it need not.</summary>
    internal HostHealth? Health { get; init; }

    /// <summary>
    /// May it still be sent? Not when its follower has had the time to ask again, twice: it has stopped asking. Not when its
    /// host has stopped vouching for itself while it waited for a stream.
    /// </summary>
    internal bool MayBeSent(long nowNs) =>
        nowNs < (Health?.UntilNs ?? long.MaxValue) && nowNs - AskedNs <= Limits.RenewalWaitIntervals * IntervalMs * 1_000_000L;
}

/// <summary>
/// The renewals that wait for a stream, at most one a session: who could not renew for an hour renews once afterwards, or
/// a restarted master would be stormed with all that was missed. Its bell also tells the one who sends them of other news.
/// </summary>
internal sealed class WaitingRenewals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, PendingRenewal> _waiting = [];
    private readonly Channel<bool> _bell =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Adds one, in the place of an older one of the same session.</summary>
    internal void Add(PendingRenewal renewal)
    {
        lock (_lock)
        {
            _waiting[renewal.Key] = renewal;
        }

        Ring();
    }

    /// <summary>Something happened that the sender must look at.</summary>
    internal void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Waits until a renewal waits; for one waiter at a time.</summary>
    internal async Task WaitForAnyAsync(CancellationToken cancellation)
    {
        while (!HasAny())
        {
            await _bell.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the bell rings, or until a time; for one waiter at a time. Leaves nothing behind.</summary>
    internal async Task WaitForNewsAsync(long untilNs, CancellationToken cancellation)
    {
        if (untilNs == long.MaxValue)
        {
            await _bell.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            return;
        }

        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter((int)Math.Clamp((untilNs - BootClock.NowNs + 999_999) / 1_000_000, 1, Limits.MaxTermMs));
        try
        {
            await _bell.Reader.ReadAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time has come.
        }
    }

    /// <summary>Takes as many as fit into one message, and forgets those that must not be sent any more.</summary>
    internal List<PendingRenewal> Take(long nowNs)
    {
        List<PendingRenewal> batch = [];
        lock (_lock)
        {
            foreach (PendingRenewal renewal in _waiting.Values)
            {
                if (renewal.MayBeSent(nowNs))
                {
                    batch.Add(renewal);
                }

                _waiting.Remove(renewal.Key);
                if (batch.Count == Limits.MaxRenewalsPerMessage)
                {
                    break;
                }
            }
        }

        return batch;
    }

    /// <summary>Those that got no answer wait again, unless their follower has asked anew.</summary>
    internal void PutBack(IReadOnlyList<PendingRenewal> batch)
    {
        lock (_lock)
        {
            foreach (PendingRenewal renewal in batch)
            {
                _waiting.TryAdd(renewal.Key, renewal);
            }
        }
    }

    /// <summary>What is left of the lease that ends first, of those that run, in milliseconds; null: nothing waits.</summary>
    internal long? LeastLeftMs(long nowNs)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            long leastNs = long.MaxValue;
            foreach (PendingRenewal renewal in _waiting.Values)
            {
                if (renewal.DeadlineNs > nowNs)
                {
                    leastNs = Math.Min(leastNs, renewal.DeadlineNs - nowNs);
                }
            }

            return leastNs == long.MaxValue ? 0 : leastNs / 1_000_000;
        }
    }

    private bool HasAny()
    {
        lock (_lock)
        {
            return _waiting.Count > 0;
        }
    }
}
