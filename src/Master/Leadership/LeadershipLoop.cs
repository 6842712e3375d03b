using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Leadership;

/// <summary>
/// Begins a <see cref="Tenure"/> when the leadership is won and ends it when it is lost, on a thread of its own. Every other
/// part asks here whether the master may act.
/// </summary>
internal sealed partial class LeadershipLoop : IDisposable
{
    private readonly ILeadership _leadership;
    private readonly HostWatch _host;
    private readonly Func<ulong, Tenure> _begin;
    private readonly ILeadershipNews _news;
    private readonly ILogger _logger;
    private readonly BootTime _time;
    private readonly Lock _resignLock = new();
    private readonly ManualResetEventSlim _bell = new();
    private readonly Thread _thread;
    private readonly LeadershipSteps _steps = new();
    private volatile Tenure? _tenure;

    /// <summary>What the steps say, for callers on other threads.</summary>
    private volatile int _interruptionsSeen;
    private string? _lastFailure;

    /// <summary>Until the thread looks again; its own.</summary>
    private int _pauseMs = Limits.LeadershipPollMs;

    /// <summary>Somebody wants to resign; guarded by its lock.</summary>
    private TaskCompletionSource? _resigning;
    private volatile bool _isEnding;

    /// <param name="leadership">Whose it is.</param>
    /// <param name="host">May always say no.</param>
    /// <param name="begin">Makes a tenure of a number that was won; what it throws gives the leadership up again.</param>
    /// <param name="news">Hears of each.</param>
    /// <param name="logger">Where changes go.</param>
    /// <param name="time">By which it acts.</param>
    internal LeadershipLoop(
        ILeadership leadership, HostWatch host, Func<ulong, Tenure> begin, ILeadershipNews news, ILogger logger, BootTime time)
    {
        _leadership = leadership;
        _host = host;
        _begin = begin;
        _news = news;
        _logger = logger;
        _time = time;
        _thread = OwnThread.New("sessions-lead", Round, LastCatch.To(logger));
    }

    /// <summary>The tenure, whether or not it may act right now.</summary>
    internal Tenure? Current => _tenure;

    private int Interruptions => _leadership.Interruptions + _host.Word.Interruptions;

    /// <summary>The tenure that may act on what was received at a time, or null. May wait for a look at the store, but not for long.</summary>
    internal Tenure? Acting(long nowNs) => _tenure is { } tenure && SightOf(tenure, nowNs).MayAct ? tenure : null;

    /// <summary>Does it lead, as far as can be said without a look at the store?</summary>
    internal bool SeemsToLead => _tenure is { IsOver: false } && MayAct(_time.NowNs);

    /// <summary>May this master act at a time, in whatever tenure it has?</summary>
    internal bool MayAct(long nowNs) => _leadership.MayAct(nowNs) && _host.Word.Leads(nowNs);

    /// <summary>
    /// May sessions be expired at a time? Not between an interruption and the moment when all leases have begun again.
    /// </summary>
    internal bool MayExpire(long nowNs) => LeadershipSteps.MayExpire(
        _tenure is { IsOver: false } && MayAct(nowNs), Interruptions, _interruptionsSeen);

    /// <summary>The refusal of a master that does not lead, or may not act just now.</summary>
    internal SessionException Refusal() => new(
        SessionStatus.NotLeader,
        _tenure == null ? "this master does not lead" : $"this master does not lead: {WhyNot(_time.NowNs)}")
    {
        LeaderHint = _host.Word.Hint ?? _leadership.Hint,
    };

    /// <summary>Tries once, then goes on trying on its thread, also when the election or the store is not there yet.</summary>
    /// <exception cref="SessionException">The store or the election cannot be used, and will not be by itself.</exception>
    internal void Start()
    {
        try
        {
            Step();
        }
        catch (SessionException failure) when (
            failure.IsPassing || failure.IsOutcomeUnknown || (_leadership.IsElected && failure.Status == SessionStatus.NotLeader))
        {
            NoteFailure(failure);
        }

        _thread.StartOrRefuse();
    }

    /// <summary>May another master lead?</summary>
    internal bool IsElected => _leadership.IsElected;

    /// <summary>
    /// Lets another master have the leadership, and does not ask for it for a while. The thread of the loop resigns, however long a
    /// store takes that hangs.
    /// </summary>
    /// <exception cref="SessionException">InvalidArgument: there is no election; NotLeader; Cancelled: the master stops.</exception>
    internal Task ResignAsync() => IsElected
        ? AskToResign()
        : throw new SessionException(
            SessionStatus.InvalidArgument, "resign is for masters that are elected in etcd: here nobody else can lead");

    /// <summary>Ends the tenure after what waits is finished, and lets another lead.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _bell.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        try
        {
            EndTenure("the master stops");
        }
        finally
        {
            EndResignation(resigned => resigned.TryFail(Stopping()));
            _leadership.Dispose();
            _bell.Dispose();
        }
    }

    private static SessionException Stopping() => new(SessionStatus.Cancelled, "the master stops, and so resigns");

    private Task AskToResign()
    {
        lock (_resignLock)
        {
            if (_isEnding)
            {
                throw Stopping();
            }

            if (_resigning == null)
            {
                if (_tenure == null)
                {
                    throw Refusal();
                }

                _resigning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _bell.Set();
            }

            return _resigning.Task;
        }
    }

    private void ResignIfAsked()
    {
        if (_resigning == null)
        {
            return;
        }

        try
        {
            if (_tenure == null)
            {
                throw Refusal();
            }

            try
            {
                EndTenure("it resigned");
            }
            finally
            {
                // Also one that did not end well must not be won again at once.
                _steps.Resigned(_time.NowNs);
            }

            EndResignation(resigned => resigned.SetResult());
        }
        catch (Exception error)
        {
            EndResignation(resigned => resigned.TryFail(SessionException.Of(error)));
        }
    }

    private void EndResignation(Action<TaskCompletionSource> end)
    {
        lock (_resignLock)
        {
            if (_resigning is { } resigned)
            {
                _resigning = null;
                end(resigned);
            }
        }
    }

    private bool Round()
    {
        if (_time.Wait(_bell, _pauseMs))
        {
            _bell.Reset();
        }

        if (_isEnding)
        {
            return false;
        }

        _pauseMs = Limits.LeadershipRetryMs;
        try
        {
            ResignIfAsked();
            Step();
            _lastFailure = null;
            _pauseMs = _tenure == null ? Limits.LeadershipPollMs : Limits.LookMs;
        }
        catch (SessionException failure)
        {
            NoteFailure(failure);
        }
        catch (Exception error)
        {
            EndAfter(error);
        }

        return true;
    }

    // What state the exception left is not known: nothing is acted on any more, and the next tenure begins from the start.
    private void EndAfter(Exception unexpected)
    {
        try
        {
            try
            {
                _tenure?.Abandon();
            }
            finally
            {
                EndTenure($"unexpected: {unexpected.Message}");
            }
        }
        catch (Exception)
        {
            // A store that fails as well must not end the host either. The leadership was given up.
        }

        LastCatch.Tell(_logger, _thread.Name!, unexpected);
    }

    // The same failure comes again every second until it is mended.
    private void NoteFailure(SessionException failure)
    {
        if (failure.Message == _lastFailure)
        {
            return;
        }

        _lastFailure = failure.Message;
        try
        {
            MasterLog.LeadershipFailed(_logger, failure.Status, failure.Message);
        }
        catch (Exception)
        {
            // The log itself may have thrown.
        }
    }

    private void Step()
    {
        long nowNs = _time.NowNs;
        _tenure?.Look();
        LeadershipSight sight = SightOf(_tenure, nowNs);
        switch (_steps.Next(sight, nowNs))
        {
            case LeadershipStep.Campaign:
                Campaign();
                break;
            case LeadershipStep.EndLost:
                // Operations that wait get no answer any more, and must not be waited for.
                _tenure!.Abandon();
                EndTenure(_leadership.Trouble is { } trouble ? $"it is lost: {trouble}" : "it is lost");
                break;
            case LeadershipStep.EndForHost:
                EndTenure("the host says no");
                break;
            case LeadershipStep.BeginLeasesAnew:
                _steps.LeasesBegan(BeginLeasesAnew(_tenure!));
                _interruptionsSeen = _steps.InterruptionsSeen;
                break;
            default:
                break;
        }

        NoteActing(nowNs);
    }

    private LeadershipSight SightOf(Tenure? tenure, long nowNs)
    {
        // First, since it may wait for a look: what is seen of the rest is seen after it. What is over is let go without.
        bool isStoreSeen = !IsOver(tenure) && tenure?.IsSeen(nowNs) == true;
        return new LeadershipSight
        {
            IsElected = _leadership.IsElected,
            HostLeads = _host.Word.Leads(nowNs),
            IsHeld = _leadership.MayAct(nowNs),
            IsStoreSeen = isStoreSeen,
            IsOver = IsOver(tenure),
            Interruptions = Interruptions,
        };
    }

    private bool IsOver(Tenure? tenure) => tenure?.IsOver == true || _leadership.IsOver;

    private void NoteActing(long nowNs)
    {
        if (_tenure is not { } tenure || !_steps.Turns(Acting(nowNs) != null))
        {
            return;
        }

        if (_steps.WasActing)
        {
            MasterLog.ActsAgain(_logger, tenure.MasterEpoch);
        }
        else
        {
            MasterLog.ActsNoMore(_logger, tenure.MasterEpoch, WhyNot(nowNs));
        }
    }

    private string WhyNot(long nowNs) => !_host.Word.Leads(nowNs) ? "the host says no"
        : _tenure?.Blindness is { } blindness ? $"its store cannot be seen: {blindness}"
        : _leadership.MayAct(nowNs) ? "what it had taken is not known"
        : _leadership.Trouble is { } trouble ? $"its lease was not renewed: {trouble}"
        : "its lease was not renewed";
}
