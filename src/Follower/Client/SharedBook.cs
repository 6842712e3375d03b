using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>The <see cref="RenewalBook"/> of a process with its one lock, its clock, and the bell that calls its sender.</summary>
/// <param name="time">Its clock.</param>
internal sealed class SharedBook(BootTime time)
{
    private readonly Lock _lock = new();
    private readonly RenewalBook _book = new();
    private readonly Channel<bool> _bell =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes a renewal of a follower; never blocks.</summary>
    internal void Ask(PendingRenewal renewal)
    {
        lock (_lock)
        {
            _book.Ask(renewal);
        }

        Ring();
    }

    /// <summary>The host of a follower says for how long it is well.</summary>
    internal void Vouch(HostHealth health, long untilNs)
    {
        lock (_lock)
        {
            health.UntilNs = untilNs;
        }
    }

    /// <summary>
    /// What to do next. s is the clock before a message is built, and after all that it takes was asked for: so it is read in the lock.
    /// </summary>
    internal RenewalStep Next()
    {
        lock (_lock)
        {
            return _book.Next(time.NowNs);
        }
    }

    internal RenewalLine TurnTo(string address, out bool isNew)
    {
        lock (_lock)
        {
            return _book.TurnTo(address, out isNew);
        }
    }

    internal void MovedOn(LineReport report, NextMaster next)
    {
        lock (_lock)
        {
            _book.MovedOn(report, next, time.NowNs, Random.Shared.NextDouble());
        }
    }

    internal void SenderFailed(SessionException failure)
    {
        lock (_lock)
        {
            _book.SenderFailed(failure);
        }
    }

    internal void Written(RenewalBatch batch)
    {
        lock (_lock)
        {
            batch.Written(time.NowNs);
        }
    }

    internal void Stuck(RenewalLine line)
    {
        lock (_lock)
        {
            line.Stuck();
        }
    }

    internal void Broke(RenewalLine line, SessionException failure)
    {
        lock (_lock)
        {
            line.Broke(failure);
        }

        Ring();
    }

    internal TakenReply Reply(RenewalLine line, ulong batchId, List<RenewalAnswer> answers, string leaderHint)
    {
        lock (_lock)
        {
            return _book.Reply(line, batchId, answers, leaderHint, time.NowNs);
        }
    }

    /// <summary>Cancelled when so many milliseconds have passed.</summary>
    internal CancellationTokenSource After(long ms) => new(TimeSpan.FromMilliseconds(ms), time);

    /// <summary>The sender has another next step.</summary>
    internal void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Waits until the bell rings, or until a time; for one waiter at a time. Leaves nothing behind.</summary>
    internal async Task WaitForNewsAsync(long untilNs, CancellationToken cancellation)
    {
        if (untilNs == long.MaxValue)
        {
            await _bell.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            return;
        }

        using CancellationTokenSource come = After(Math.Clamp(Ns.ToMsUp(untilNs - time.NowNs), 1, Limits.MaxTermMs));
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation, come.Token);
        try
        {
            await _bell.Reader.ReadAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time has come.
        }
    }
}
