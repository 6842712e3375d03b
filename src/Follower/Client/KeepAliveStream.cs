using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower.Client;

/// <summary>
/// All renewals of a process over one line, batched: what is waiting goes out in one message. An answer that does not come
/// within the interval means a new connection, to the next master. While nobody leads, the lines to those who were asked
/// stay open, so that asking again costs a message and no stream; <see cref="RepeatRules"/> says how often.
/// </summary>
internal sealed class KeepAliveStream : IAsyncDisposable
{
    private readonly MasterEndpoints _endpoints;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets;
    private readonly WaitingRenewals _waiting = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>By endpoint; the pump's alone.</summary>
    private readonly Dictionary<string, KeepAliveLine> _lines = new(StringComparer.Ordinal);
    private readonly Task _pump;

    /// <summary>Starts it; it dials when there is something to renew.</summary>
    /// <param name="endpoints">The masters.</param>
    /// <param name="deliver">Takes an answer and the s of its request; must not block.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="budgets">How often.</param>
    internal KeepAliveStream(
        MasterEndpoints endpoints, Action<RenewalAnswer, long> deliver, ILogger logger, LogBudgets budgets)
    {
        _endpoints = endpoints;
        _deliver = deliver;
        _logger = logger;
        _budgets = budgets;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Sends a renewal as soon as possible; never blocks.</summary>
    internal void Renew(PendingRenewal renewal) => _waiting.Add(renewal);

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _closing.Dispose();
    }

    /// <summary>Ends when closing and for no other reason: the leases of the whole process hang on it.</summary>
    private async Task PumpAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await TurnAsync().ConfigureAwait(false);
            }
            catch (Exception) when (_closing.IsCancellationRequested)
            {
                // Whatever the transport throws when it is cancelled.
            }
            catch (Exception error)
            {
                if (_budgets.TrySpend("renewals", out int leftOut))
                {
                    FollowerLog.RenewalsFailed(_logger, leftOut, error);
                }

                await Task.Delay((int)Limits.RetryPauseMs, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await CloseLinesAsync(but: null).ConfigureAwait(false);
    }

    /// <summary>Uses the line to the master that is thought to lead, until it is of no more use.</summary>
    private async Task TurnAsync()
    {
        // What a broken line left unsent or unanswered goes out at once on the next.
        await _waiting.WaitForAnyAsync(_closing.Token).ConfigureAwait(false);
        KeepAliveLine line = await LineAsync(_endpoints.Current).ConfigureAwait(false);
        LineReport report = await line.UseAsync(() => NoteLeader(line)).ConfigureAwait(false);
        _closing.Token.ThrowIfCancellationRequested();
        if (report.End != LineEnd.DoesNotLead)
        {
            _lines.Remove(line.Master.Address);
            await line.DisposeAsync().ConfigureAwait(false);
        }

        NextMaster next = _endpoints.NoteRenewalsFailed(report, line.Master);
        if (_budgets.TrySpend($"renewals {line.Master.Address} {report.End}", out int leftOut))
        {
            FollowerLog.RenewalsMoveOn(_logger, line.Master.Address, report.Failure.Message, leftOut);
        }

        if (_waiting.LeastLeftMs(BootClock.NowNs) is { } leftMs)
        {
            Repeat repeat = RepeatRules.After(
                new FailedAttempt(CallKind.Renewal, report.Failure.Status, false, 0, next, leftMs), Random.Shared.NextDouble());
            await Task.Delay((int)repeat.PauseMs, _closing.Token).ConfigureAwait(false);
        }
    }

    /// <summary>The line that is open, or a new one.</summary>
    private async Task<KeepAliveLine> LineAsync(MasterConnection master)
    {
        if (_lines.TryGetValue(master.Address, out KeepAliveLine? line))
        {
            if (!line.IsBroken)
            {
                return line;
            }

            _lines.Remove(master.Address);
            await line.DisposeAsync().ConfigureAwait(false);
        }

        if (_lines.Count >= Limits.MaxRestingEndpoints)
        {
            // Masters that lie name ever new ones.
            await CloseLinesAsync(but: null).ConfigureAwait(false);
        }

        line = new KeepAliveLine(
            master, _waiting, _deliver, (renewed, untilNs) => _endpoints.Renewed(renewed.Master, untilNs), _closing.Token);
        _lines.Add(master.Address, line);
        return line;
    }

    private void NoteLeader(KeepAliveLine leader)
    {
        _endpoints.Answered(leader.Master);
        if (_budgets.TrySpend($"renewed {leader.Master.Address}", out int leftOut))
        {
            FollowerLog.StreamOpened(_logger, leader.Master.Address, leftOut);
        }

        // Asked in vain while nobody led.
        _ = CloseLinesAsync(leader);
    }

    private Task CloseLinesAsync(KeepAliveLine? but)
    {
        List<KeepAliveLine> others = [.. _lines.Values.Where(line => line != but)];
        others.ForEach(line => _lines.Remove(line.Master.Address));
        return Task.WhenAll(others.Select(line => line.DisposeAsync().AsTask()));
    }
}
