using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>Who may act while looks at the store stall, see nothing, or are owed since the process stood still.</summary>
public sealed class StoreLooksTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly LookedAtStore _store = new();
    private readonly StoreLooks _looks;
    private Task _looking = Task.CompletedTask;

    public StoreLooksTests() => _looks = new StoreLooks(_store, _time);

    public void Dispose()
    {
        _store.Flow.Set();
        Assert.True(_looking.Wait(Eventually.Patience));
        _store.Dispose();
        _time.Dispose();
    }

    [Fact]
    public void What_was_seen_lets_act_and_what_could_not_be_seen_does_not()
    {
        _looks.Look();
        Assert.True(MayAct());

        _store.Blindness = "no way there";
        _looks.Look();
        Assert.False(MayAct());
        Assert.Equal("no way there", _looks.Blindness);

        _store.Blindness = null;
        _looks.Look();
        Assert.True(MayAct());
    }

    [Fact]
    public async Task A_look_that_stalls_keeps_one_waiting_and_stops_nobody()
    {
        _looks.Look();
        await StallAsync();
        _time.Pass(Limits.LeadershipPollMs);

        Assert.True(await MayActWithinAsync(Limits.StalledLookMs));
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await MayActWithinAsync(0));
        }
    }

    [Fact]
    public async Task A_process_that_stood_still_does_not_act_before_it_has_looked_however_long_that_takes()
    {
        _looks.Look();
        await StallAsync();
        _time.Pass(Limits.LeadershipPollMs);
        Assert.True(await MayActWithinAsync(Limits.StalledLookMs));

        StandStill();
        Assert.False(await MayActWithinAsync(Limits.OwedLookMs));
        Assert.False(await MayActWithinAsync(Limits.OwedLookMs));
        _store.Flow.Set();
        await Eventually.Ends(_looking);
        // It had begun before.
        Assert.False(await MayActWithinAsync(Limits.OwedLookMs));
        _looks.Look();
        Assert.True(MayAct());
    }

    [Fact]
    public async Task After_a_stand_still_it_waits_for_the_look()
    {
        _looks.Look();
        StandStill();
        Task<bool> acting = Task.Run(MayAct);
        await Eventually.IsTrueAsync(() => _time.HasSleepers, "it waits");
        _time.Pass(20);
        Assert.False(acting.IsCompleted);
        _looks.Look();
        Assert.True(await Eventually.Ends(acting));
    }

    private bool MayAct() => _looks.MayAct(_time.NowNs);

    /// <summary>The answer that is there when so many milliseconds have passed.</summary>
    private async Task<bool> MayActWithinAsync(int ms)
    {
        Task<bool> acting = Task.Run(MayAct);
        if (ms > 0)
        {
            await Eventually.IsTrueAsync(() => _time.HasSleepers, "it waits");
            _time.Pass(ms);
        }

        return await Eventually.Ends(acting);
    }

    private async Task StallAsync()
    {
        _store.Flow.Reset();
        _looking = Task.Factory.StartNew(_looks.Look, TaskCreationOptions.LongRunning);
        await Eventually.IsTrueAsync(() => _store.IsLooking, "the look at the disk");
    }

    // What a signal does to it, as far as it can tell.
    private void StandStill()
    {
        _time.Pass(Limits.StoodStillMs + Limits.BeatMs);
        _looks.Beat(_time.NowNs);
    }

    private sealed class LookedAtStore : ISessionStore
    {
        internal ManualResetEventSlim Flow { get; } = new(true);

        internal string? Blindness { get; set; }

        internal bool IsLooking { get; private set; }

        public string? Look()
        {
            IsLooking = !Flow.IsSet;
            Flow.Wait(Eventually.Patience);
            return Blindness;
        }

        public StoreSnapshot Lead(LeadRequest request) => throw new NotSupportedException();

        public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) => throw new NotSupportedException();

        public void Dispose() => Flow.Dispose();
    }
}
