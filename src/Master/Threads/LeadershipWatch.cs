using System;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Threads;

/// <summary>
/// Asks the host every <see cref="Limits.CheckLeaderIntervalMs"/> whether it leads, on a thread of its own, so that
/// renewals know the answer without waiting for a host that is slow to give it.
/// </summary>
internal sealed class LeadershipWatch : IDisposable
{
    private readonly AccessManager _accessManager;
    private readonly Action _onRegained;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _asked = new();
    private readonly ManualResetEventSlim _ending = new();
    private readonly Lock _answerLock = new();
    private readonly Thread _thread;
    private long _questions;
    private long _answeredQuestion;
    private volatile string? _hint;
    private volatile bool _leads;

    internal LeadershipWatch(AccessManager accessManager, Action onRegained, ILogger logger)
    {
        _accessManager = accessManager;
        _onRegained = onRegained;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "sessions-leadership" };
        _thread.Start();
        _asked.Wait();
    }

    /// <summary>The latest answer.</summary>
    internal bool Leads => _leads;

    /// <summary>Who leads instead, if that is known.</summary>
    internal string? Hint => _hint;

    /// <summary>Is the caller inside CheckLeader?</summary>
    internal bool IsCurrent => _thread == Thread.CurrentThread;

    /// <summary>Asks now, on the caller's thread, and gives the latest answer.</summary>
    internal bool Refresh()
    {
        long question = Interlocked.Increment(ref _questions);
        bool leads = Ask(out string? hint);
        lock (_answerLock)
        {
            if (question < _answeredQuestion)
            {
                // Overtaken: who asked later knows better.
                return _leads;
            }

            _answeredQuestion = question;
            _hint = hint;
            if (leads == _leads)
            {
                return leads;
            }

            MasterLog.LeadershipChanged(_logger, leads, hint ?? "");
            if (leads)
            {
                // Nobody could renew in between: before anybody expires, all leases begin anew.
                _onRegained();
            }

            return _leads = leads;
        }
    }

    /// <summary>The refusal of a master that does not lead.</summary>
    internal SessionException Refusal() =>
        new(SessionStatus.NotLeader, "this master does not lead") { LeaderHint = _hint };

    /// <summary>Ends the thread; waits for a question in progress.</summary>
    public void Dispose()
    {
        _ending.Set();
        _thread.Join();
        _ending.Dispose();
        _asked.Dispose();
    }

    private bool Ask(out string? hint)
    {
        try
        {
            return _accessManager.CheckLeader(out hint);
        }
        catch (Exception error)
        {
            // Who cannot say that he leads does not.
            MasterLog.HookThrew(_logger, nameof(AccessManager.CheckLeader), "", error);
            hint = null;
            return false;
        }
    }

    private void Run()
    {
        do
        {
            Refresh();
            _asked.Set();
        }
        while (!_ending.Wait(Limits.CheckLeaderIntervalMs));
    }
}
