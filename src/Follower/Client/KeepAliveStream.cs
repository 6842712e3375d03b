using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower.Client;

/// <summary>All renewals of a process: does what the <see cref="RenewalBook"/> says, one step after the other, and decides nothing.</summary>
internal sealed class KeepAliveStream : IAsyncDisposable
{
    private readonly MasterEndpoints _endpoints;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets;
    private readonly SharedBook _book;
    private readonly CancellationTokenSource _closing = new();

    /// <summary>The open ones; the pump's alone.</summary>
    private readonly Dictionary<RenewalLine, KeepAliveLine> _lines = [];
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
        _book = new SharedBook(endpoints.Time);
        _deliver = deliver;
        _logger = logger;
        _budgets = budgets;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Sends a renewal as soon as possible; never blocks.</summary>
    internal void Renew(PendingRenewal renewal) => _book.Ask(renewal);

    /// <summary>The host of a follower says for how long it is well: it counts for the renewals that wait, too.</summary>
    internal void Vouch(HostHealth health, long untilNs) => _book.Vouch(health, untilNs);

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
                await CarryOutAsync(_book.Next()).ConfigureAwait(false);
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

                _book.SenderFailed(new SessionException(SessionStatus.NoMaster, error.Message, error));
                await Task.Delay(TimeSpan.FromMilliseconds(Limits.RetryPauseMs), _endpoints.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(_lines.Values.Select(line => line.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private async Task CarryOutAsync(RenewalStep step)
    {
        switch (step.Kind)
        {
            case RenewalStepKind.Wait:
                await _book.WaitForNewsAsync(step.UntilNs, _closing.Token).ConfigureAwait(false);
                break;
            case RenewalStepKind.Turn:
                TurnTo(_endpoints.Current);
                break;
            case RenewalStepKind.Send:
                await _lines[step.Line!].SendAsync(step.Batch!).ConfigureAwait(false);
                break;
            case RenewalStepKind.Lead:
                NoteLeader(_lines[step.Line!].Master);
                break;
            case RenewalStepKind.Leave:
                Leave(_lines[step.Line!].Master, step.Report!);
                break;
            case RenewalStepKind.Close:
                await CloseAsync(step.Line!).ConfigureAwait(false);
                break;
        }
    }

    private void TurnTo(MasterConnection master)
    {
        RenewalLine line = _book.TurnTo(master.Address, out bool isNew);
        if (isNew)
        {
            _lines.Add(line, new KeepAliveLine(master, line, _book, _deliver, _endpoints.Renewed, _closing.Token));
        }
    }

    private void NoteLeader(MasterConnection leader)
    {
        _endpoints.Answered(leader);
        if (_budgets.TrySpend($"renewed {leader.Address}", out int leftOut))
        {
            FollowerLog.StreamOpened(_logger, leader.Address, leftOut);
        }
    }

    private void Leave(MasterConnection master, LineReport report)
    {
        _closing.Token.ThrowIfCancellationRequested();
        _book.MovedOn(report, _endpoints.NoteRenewalsFailed(report, master));
        if (_budgets.TrySpend($"renewals {master.Address} {report.End}", out int leftOut))
        {
            FollowerLog.RenewalsMoveOn(_logger, master.Address, report.Failure.Message, leftOut);
        }
    }

    private async Task CloseAsync(RenewalLine line)
    {
        if (!_lines.Remove(line, out KeepAliveLine? open))
        {
            return;
        }

        try
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Another line is used by now, and this one is as good as before.
            if (_budgets.TrySpend("close", out int leftOut))
            {
                FollowerLog.RenewalsFailed(_logger, leftOut, error);
            }
        }
    }
}
