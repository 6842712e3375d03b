using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Leadership;

/// <summary>What nobody expected ends a leadership, never the host's process.</summary>
public sealed class LeadershipLoopTests : IDisposable
{
    private static readonly MasterMetrics s_metrics = new();
    private readonly RecordingAccessManager _hooks = new();
    private readonly HostWatch _host;

    public LeadershipLoopTests() => _host = new HostWatch(_hooks, NullLogger.Instance, BootTime.OfMachine);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_start_on_what_cannot_be_loaded_is_refused_by_the_one_error_type()
    {
        GivenUpAgain leadership = new();
        using LeadershipLoop loop = new(
            leadership, _host, _ => throw new KeyNotFoundException("no such session"), new NoNews(), NullLogger.Instance, BootTime.OfMachine);
        SessionException refusal = Assert.Throws<SessionException>(loop.Start);
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("no such session", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, leadership.GivenUp);
    }

    [Fact]
    public void A_leadership_that_fails_while_it_begins_lets_its_store_go()
    {
        using TemporaryDirectory directory = new();
        GivenUpAgain leadership = new() { Predecessor = () => throw new KeyNotFoundException("no such session") };
        using LeadershipLoop loop = new(
            leadership, _host, _ => Begin(directory.File("sessions.db")), new NoNews(), NullLogger.Instance, BootTime.OfMachine);
        Assert.Equal(SessionStatus.StoreFailed, Assert.Throws<SessionException>(loop.Start).Status);
        Assert.Equal(1, leadership.GivenUp);

        // It would be refused while another has it.
        using SqliteSessionStore next = new(directory.File("sessions.db"), 0, create: false);
        Assert.NotEqual(0UL, next.Lead(Stored.LeadNow()).MasterEpoch);
    }

    [Fact]
    public async Task What_nobody_expected_is_tried_again_also_if_the_log_fails_with_it()
    {
        int attempts = 0;
        GivenUpAgain leadership = new()
        {
            Failure = () =>
            {
                attempts++;
                return new InvalidOperationException("a defect");
            },
        };
        // The loop's thread shall meet it, not the one that starts it.
        _hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(() => !_host.Word.Leads(BootClock.NowNs), "a host that says no");
        using LeadershipLoop loop = new(
            leadership, _host, _ => throw new KeyNotFoundException(), new NoNews(), new FailingLog(), BootTime.OfMachine);
        loop.Start();
        _hooks.OnCheckLeader = () => new LeaderAnswer(true);
        await Eventually.IsTrueAsync(() => attempts >= 2, "tried again after a defect");
        Assert.Null(loop.Current);
    }

    [Fact]
    public async Task A_resignation_that_is_held_up_keeps_nobody_longer_than_he_wants_and_goes_on()
    {
        using TemporaryDirectory directory = new();
        using ManualResetEventSlim mayGiveUp = new();
        GivenUpAgain leadership = new() { Acts = true, OnGiveUp = () => mayGiveUp.Wait(Eventually.Patience) };
        using LeadershipLoop loop = new(
            leadership, _host, _ => Begin(directory.File("sessions.db")), new NoNews(), NullLogger.Instance, BootTime.OfMachine);
        loop.Start();
        Assert.NotNull(loop.Current);

        Task resigned = loop.ResignAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => resigned.WaitAsync(TimeSpan.FromMilliseconds(50)));

        Task waitsOn = ResignOrBeLateAsync(loop);
        mayGiveUp.Set();
        await Eventually.Ends(waitsOn);
        await Eventually.Ends(resigned);
        Assert.Null(loop.Current);
        Assert.Equal(SessionStatus.NotLeader, (await Assert.ThrowsAsync<SessionException>(loop.ResignAsync)).Status);
        Assert.Equal(1, leadership.GivenUp);
    }

    // Whether it comes before the resignation is over the test does not know.
    private static async Task ResignOrBeLateAsync(LeadershipLoop loop)
    {
        try
        {
            await loop.ResignAsync();
        }
        catch (SessionException late) when (late.Status == SessionStatus.NotLeader)
        {
        }
    }

    private static Tenure Begin(string path)
    {
        SqliteSessionStore store = new(path, 0, create: true);
        StoreSnapshot snapshot = store.Lead(Stored.LeadNow());
        return new Tenure(
            store, () => new SessionTable(new SessionTableSettings(), snapshot, () => 1, BootClock.NowNs), _ => true,
            _ => false, (_, _) => { }, new CancellationTokenSource(), s_metrics, NullLogger.Instance, BootTime.OfMachine);
    }

    private sealed class NoNews : ILeadershipNews
    {
        public void Begins(Tenure tenure)
        {
        }

        public void Began(Tenure tenure)
        {
        }

        public void Ended(Tenure tenure, string reason)
        {
        }
    }

    /// <summary>An election that is always won, or fails as the test says.</summary>
    private sealed class GivenUpAgain : ILeadership
    {
        internal int GivenUp { get; private set; }

        internal Func<Exception?> Failure { get; set; } = () => null;

        internal Func<long> Predecessor { get; set; } = () => 0;

        public bool IsElected => true;

        public bool IsOver => false;

        public int Interruptions => 0;

        public string? Hint => null;

        public string? Trouble => null;

        public long PredecessorNs => Predecessor();

        public ulong GivenEpoch => 0;

        public bool TryWin() => Failure() is { } failure ? throw failure : true;

        internal bool Acts { get; init; }

        internal Action OnGiveUp { get; init; } = () => { };

        public bool MayAct(long nowNs) => Acts;

        public void GiveUp()
        {
            OnGiveUp();
            GivenUp++;
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }

    private sealed class FailingLog : ILogger
    {
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("the log is broken");

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
