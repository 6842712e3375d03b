using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Hooks;

/// <summary>
/// Asks the host who may do what, on threads that do nothing else: a renewal may wait for the answer, and must wait for no other hook,
/// and for no call: renewals go first, and one thread is theirs. Of what waits no caller may have more than its part. What the host has
/// not answered in time is refused, and is no denial.
/// </summary>
internal sealed class AuthorizeThreads : IDisposable
{
    private const string HookName = nameof(SessionMasterOptions.Authorize);

    [ThreadStatic]
    private static AuthorizeThreads? s_current;

    private readonly object _gate = new();
    private readonly Queue<Question> _renewals = new();
    private readonly Queue<Question> _calls = new();

    /// <summary>How many calls of each wait or are with the host.</summary>
    private readonly Dictionary<Caller, int> _callers = [];

    private readonly LogBudgets _budgets = new();
    private readonly Func<AccessRequest, Verdict> _authorize;
    private readonly ILogger _logger;
    private readonly Action<Exception> _unexpected;
    private readonly BootTime _time;
    private int _threads;
    private int _idle;
    private int _atCalls;

    /// <summary>How many there can be: fewer where the system had no thread left.</summary>
    private int _most = Limits.MaxAuthorizeThreads;

    private bool _isEnding;

    internal AuthorizeThreads(Func<AccessRequest, Verdict> authorize, ILogger logger, BootTime time)
    {
        _authorize = authorize;
        _logger = logger;
        _unexpected = LastCatch.To(logger);
        _time = time;
    }

    /// <summary>Is the caller inside the hook?</summary>
    internal bool IsCurrent => s_current == this;

    /// <summary>The host's answer; of a host that throws: no.</summary>
    /// <exception cref="SessionException">TimedOut, Overloaded, OutOfResources; Cancelled: the master stops.</exception>
    internal async Task<Verdict> AskAsync(AccessRequest request, bool isRenewal)
    {
        Question question = new(request, isRenewal);
        Post(question);
        try
        {
            return await question.Answer.Task.WaitAsync(TimeSpan.FromMilliseconds(Limits.AuthorizeMs), _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            question.IsGivenUp = true;
            throw new SessionException(
                SessionStatus.TimedOut, $"the master's host has not said within {Limits.AuthorizeMs} ms whether that is allowed");
        }
    }

    /// <summary>What waits, and what comes later, is refused; what runs goes on.</summary>
    internal void Refuse()
    {
        Question[] left;
        lock (_gate)
        {
            _isEnding = true;
            left = [.. _renewals, .. _calls];
            _renewals.Clear();
            _calls.Clear();
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(left, question => question.Answer.TryFail(Stopping()));
    }

    /// <summary>Waits for every call of the host that runs, however long that takes: what it uses may be gone when this has returned.</summary>
    public void Dispose()
    {
        Refuse();
        long begunNs = _time.NowNs;
        long nextNs = begunNs + Ns.FromMs(Limits.HookSayMs);
        lock (_gate)
        {
            while (_threads > 0)
            {
                _time.Wait(_gate, Limits.HookSayMs);
                if (_threads > 0 && _time.NowNs >= nextNs)
                {
                    nextNs = _time.NowNs + Ns.FromMs(Limits.HookSayMs);
                    MasterLog.StopWaits(_logger, _threads, HookName, "", (_time.NowNs - begunNs) / Ns.PerSecond);
                }
            }
        }
    }

    private static SessionException Stopping() => new(SessionStatus.Cancelled, "the master stops");

    private void Post(Question question)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                throw Stopping();
            }

            Queue<Question> queue = question.IsRenewal ? _renewals : _calls;
            if (queue.Count >= Limits.MaxAuthorizeWaiting)
            {
                throw SessionException.Overloaded(
                    $"{queue.Count} calls wait for the host to say whether they are allowed", Limits.AuthorizeMs);
            }

            Caller caller = question.Request.Caller;
            if (!question.IsRenewal && _callers.GetValueOrDefault(caller) >= Limits.MaxAuthorizeWaitingOfOne)
            {
                throw SessionException.Overloaded(
                    $"{Limits.MaxAuthorizeWaitingOfOne} calls of {caller} wait for the host to say whether they are allowed",
                    Limits.AuthorizeMs);
            }

            if (_idle <= _renewals.Count + _calls.Count && _threads < Limits.MaxAuthorizeThreads)
            {
                Begin();
            }

            queue.Enqueue(question);
            Count(question, 1);
            Monitor.Pulse(_gate);
        }
    }

    private void Begin()
    {
        try
        {
            OwnThread.New("sessions-rights", Round, _unexpected, Limits.CallbackStackBytes).StartOrRefuse();
            _threads++;
            _most = Limits.MaxAuthorizeThreads;
        }
        catch (SessionException) when (_threads > 0)
        {
            _most = _threads;
            // The system has no thread left: those that there are do it, later.
        }
    }

    private bool Round()
    {
        s_current = this;
        if (Next() is not { } question)
        {
            return false;
        }

        try
        {
            question.Answer.TrySetResult(Ask(question.Request));
        }
        finally
        {
            // Whoever has no answer is refused by the time; the place is another's.
            lock (_gate)
            {
                Leave(question);
            }
        }

        return true;
    }

    /// <summary>Null: the thread ends, and is not counted any more.</summary>
    private Question? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (TryTake(out Question? next))
                {
                    _atCalls += next!.IsRenewal ? 0 : 1;
                    if (!next.IsGivenUp)
                    {
                        return next;
                    }

                    Leave(next);
                    continue;
                }

                if (_isEnding)
                {
                    _threads--;
                    Monitor.PulseAll(_gate);
                    return null;
                }

                _idle++;
                try
                {
                    _time.Wait(_gate, Timeout.Infinite);
                }
                finally
                {
                    _idle--;
                }
            }
        }
    }

    // However many calls are with a host that is slow, a renewal finds a thread.
    private bool TryTake(out Question? next) =>
        _renewals.TryDequeue(out next) || (_atCalls < Math.Max(1, _most - 1) && _calls.TryDequeue(out next));

    private void Leave(Question question)
    {
        if (!question.IsRenewal)
        {
            _atCalls--;
            Count(question, -1);
            // A thread may sleep that had to leave the calls to others.
            Monitor.Pulse(_gate);
        }
    }

    private void Count(Question question, int more)
    {
        if (!question.IsRenewal && (CollectionsMarshal.GetValueRefOrAddDefault(_callers, question.Request.Caller, out _) += more) == 0)
        {
            _callers.Remove(question.Request.Caller);
        }
    }

    private Verdict Ask(AccessRequest request)
    {
        try
        {
            return _authorize(request);
        }
        catch (Exception error)
        {
            try
            {
                MasterLog.HookThrew(_logger, _budgets, HookName, request.Identity ?? "", error);
            }
            catch (Exception)
            {
                // The log itself may have thrown.
            }

            return Verdict.Refuse("the host's Authorize failed");
        }
    }

    private sealed class Question(AccessRequest request, bool isRenewal)
    {
        internal AccessRequest Request => request;

        internal bool IsRenewal => isRenewal;

        internal TaskCompletionSource<Verdict> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>No caller waits for it any more; a thread that sees it late asks for nothing.</summary>
        internal volatile bool IsGivenUp;
    }
}
