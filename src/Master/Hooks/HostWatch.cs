using System;
using System.Threading;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Hooks;

/// <summary>
/// Asks the host every <see cref="Limits.CheckLeaderIntervalMs"/> whether it leads, on a thread of its own, so that renewals
/// know the answer without waiting for a host that is slow to give it. What follows from an answer <see cref="HostWord"/> says.
/// </summary>
internal sealed class HostWatch : IDisposable
{
    private readonly AccessManager _accessManager;
    private readonly ILogger _logger;
    private readonly BootTime _time;
    private readonly LogBudgets _budgets = new();
    private readonly ManualResetEventSlim _asked = new();
    private readonly ManualResetEventSlim _ending = new();
    private readonly Lock _answerLock = new();
    private readonly Thread _thread;
    private long _questions;
    private long _askedLastNs;
    private volatile HostWord _word = HostWord.None;

    internal HostWatch(AccessManager accessManager, ILogger logger, BootTime time)
    {
        _accessManager = accessManager;
        _logger = logger;
        _time = time;
        _thread = OwnThread.New("sessions-check", Round, LastCatch.To(logger), Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
        if (!_asked.Wait((int)Limits.CheckLeaderAnswerMs))
        {
            // A yes that comes now is worn off already: the master starts without leading, and the host is asked on.
            MasterLog.HostSaysNothing(logger, Limits.CheckLeaderAnswerMs);
        }
    }

    /// <summary>What the host said last.</summary>
    internal HostWord Word => _word;

    /// <summary>Is the caller inside CheckLeader?</summary>
    internal bool IsCurrent => _thread == Thread.CurrentThread;

    /// <summary>Asks now, on the caller's thread.</summary>
    internal void Refresh()
    {
        long question = Interlocked.Increment(ref _questions);
        long askedNs = _time.NowNs;
        LeaderAnswer said = Ask();
        lock (_answerLock)
        {
            HostWord former = _word;
            _word = former.Hears(question, askedNs, said, _time.NowNs);
            if (_word.SaysYes != former.SaysYes)
            {
                MasterLog.HostLeads(_logger, said.Leads, _word.Hint ?? "");
            }
        }
    }

    /// <summary>Ends the thread; waits for a question in progress, and says so if that takes long.</summary>
    public void Dispose()
    {
        _ending.Set();
        while (!_thread.Join(Limits.HookSayMs))
        {
            MasterLog.StopWaits(
                _logger, 1, nameof(AccessManager.CheckLeader), "",
                (_time.NowNs - Volatile.Read(ref _askedLastNs)) / Ns.PerSecond);
        }

        _ending.Dispose();
        _asked.Dispose();
    }

    private LeaderAnswer Ask()
    {
        try
        {
            return _accessManager.CheckLeader();
        }
        catch (Exception error)
        {
            // A host that cannot say that it leads does not lead.
            MasterLog.HookThrew(_logger, _budgets, nameof(AccessManager.CheckLeader), "", error);
            return new LeaderAnswer(false);
        }
    }

    private bool Round()
    {
        try
        {
            Volatile.Write(ref _askedLastNs, _time.NowNs);
            Refresh();
        }
        catch (Exception unexpected)
        {
            // What was answered last wears off, and it is asked again when it is time, no sooner.
            LastCatch.Tell(_logger, _thread.Name!, unexpected);
        }

        _asked.Set();
        return !_time.Wait(_ending, Limits.CheckLeaderIntervalMs);
    }
}
