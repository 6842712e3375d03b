using System;
using System.Threading;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Hooks;

/// <summary>
/// Asks the host every <see cref="Limits.CheckLeaderIntervalMs"/> whether it leads, on a thread of its own, so that renewals
/// know the answer without waiting for a host that is slow to give it. A yes wears off: a host that no longer answers does not
/// lead.
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
    private long _answeredQuestion;
    private long _askedLastNs;
    private int _interruptions;
    private volatile Answer _latest = new(new LeaderAnswer(false), 0);

    internal HostWatch(AccessManager accessManager, ILogger logger, BootTime time)
    {
        _accessManager = accessManager;
        _logger = logger;
        _time = time;
        _thread = OwnThread.New("sessions-check", Run, Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
        _asked.Wait();
    }

    /// <summary>Which master leads instead, if that is known.</summary>
    internal string? Hint => _latest.Said.Hint;

    /// <summary>How often the host said yes after it had not: no session could be renewed in between.</summary>
    internal int Interruptions => Volatile.Read(ref _interruptions);

    /// <summary>Is the caller inside CheckLeader?</summary>
    internal bool IsCurrent => _thread == Thread.CurrentThread;

    /// <summary>Does the host lead at a time, as far as anybody knows?</summary>
    internal bool Leads(long nowNs) => _latest.IsYes(nowNs);

    /// <summary>Does it lead at a time with a leadership of its own?</summary>
    internal bool Leads(long nowNs, out ulong epoch)
    {
        Answer latest = _latest;
        epoch = latest.Said.Epoch;
        return latest.IsYes(nowNs);
    }

    /// <summary>Asks now, on the caller's thread.</summary>
    internal void Refresh()
    {
        long question = Interlocked.Increment(ref _questions);
        long askedNs = _time.NowNs;
        LeaderAnswer said = Ask();
        lock (_answerLock)
        {
            if (question < _answeredQuestion)
            {
                // Overtaken: a later question has the newer answer.
                return;
            }

            _answeredQuestion = question;
            if (said.Leads && !_latest.IsYes(_time.NowNs))
            {
                // Counted before the yes is seen: a thread that sees the yes sees the interruption too.
                Interlocked.Increment(ref _interruptions);
            }

            if (said.Leads != _latest.Said.Leads)
            {
                MasterLog.HostLeads(_logger, said.Leads, said.Hint ?? "");
            }

            _latest = new Answer(said, askedNs);
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

    private void Run()
    {
        do
        {
            try
            {
                Volatile.Write(ref _askedLastNs, _time.NowNs);
                Refresh();
            }
            catch (Exception)
            {
                // A log that throws: what was answered last wears off, and it is asked again.
            }

            _asked.Set();
        }
        while (!_time.Wait(_ending, Limits.CheckLeaderIntervalMs));
    }

    private sealed record Answer(LeaderAnswer Said, long AskedNs)
    {
        internal bool IsYes(long nowNs) => Said.Leads && nowNs < AskedNs + Ns.FromMs(Said.CountsForMs);
    }
}
