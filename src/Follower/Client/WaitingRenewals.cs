using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>A renewal on its way out.</summary>
/// <param name="Key">Whose.</param>
/// <param name="IntervalMs">How long an answer may take: the next renewal follows by then.</param>
/// <param name="AskedNs">When the follower asked for it.</param>
internal readonly record struct PendingRenewal(SessionKey Key, uint IntervalMs, long AskedNs)
{
    /// <summary>Has its follower had the time to ask again, twice? Then it has stopped asking.</summary>
    internal bool IsStale(long nowNs) => nowNs - AskedNs > 2 * IntervalMs * 1_000_000L;
}

/// <summary>
/// The renewals that wait for a stream, at most one a session: who could not renew for an hour renews once afterwards, or
/// a restarted master would be stormed with all that was missed.
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

        _bell.Writer.TryWrite(true);
    }

    /// <summary>Waits until there is one; for one waiter at a time.</summary>
    internal async Task WaitAsync(CancellationToken cancellation)
    {
        while (!HasAny())
        {
            await _bell.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes as many as fit into one message.</summary>
    internal List<PendingRenewal> Take()
    {
        List<PendingRenewal> batch = [];
        lock (_lock)
        {
            foreach (PendingRenewal renewal in _waiting.Values)
            {
                batch.Add(renewal);
                if (batch.Count == Limits.MaxRenewalsPerMessage)
                {
                    break;
                }
            }

            foreach (PendingRenewal renewal in batch)
            {
                _waiting.Remove(renewal.Key);
            }
        }

        return batch;
    }

    /// <summary>Those that got no answer wait again, unless their follower has asked anew.</summary>
    internal void PutBack(List<PendingRenewal> batch)
    {
        lock (_lock)
        {
            foreach (PendingRenewal renewal in batch)
            {
                _waiting.TryAdd(renewal.Key, renewal);
            }
        }
    }

    /// <summary>Forgets those whose follower has stopped asking: its session is lost or closed.</summary>
    internal void DropStale()
    {
        long nowNs = BootClock.NowNs;
        lock (_lock)
        {
            foreach (PendingRenewal renewal in _waiting.Values)
            {
                if (renewal.IsStale(nowNs))
                {
                    _waiting.Remove(renewal.Key);
                }
            }
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
