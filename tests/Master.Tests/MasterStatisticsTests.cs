using System;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>What a master has counted.</summary>
public sealed class MasterStatisticsTests
{
    [Fact]
    public async Task Renewals_creates_ends_commits_and_refusals_are_counted_by_the_object_and_by_the_meter()
    {
        ConcurrentQueue<(string Name, double Value)> seen = new();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter.Name == "Interop.Sessions.Master")
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.Enqueue((instrument.Name, value)));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen.Enqueue((instrument.Name, value)));
        listener.Start();
        using RunningMaster running = new();
        MasterStatistics before = running.Master.Statistics;
        Assert.Equal((0, 0L, 0L), (before.Sessions, before.Renewed, before.SessionsGranted));

        Wire.SessionKey kept = await running.Client.CreateKeyAsync("kept");
        Wire.SessionKey closed = await running.Client.CreateKeyAsync("closed");
        await running.Client.Sessions.CloseSessionAsync(new Wire.CloseSessionRequest { Session = closed });
        Wire.KeepAliveRequest request = new() { BatchId = 1, Renewals = { kept, closed } };
        running.Master.Verbs.KeepAlive(RenewalMessages.Of(request, new KnownNonces()), BootClock.NowNs, "");
        await Assert.ThrowsAsync<RpcException>(async () => await running.Client.Sessions.ReattachSessionAsync(
            MasterClient.Reattach(new Wire.SessionKey { SessionId = 1, Nonce = 1 }, "kept")));
        await Assert.ThrowsAsync<RpcException>(async () => await running.Client.Sessions.GetItemAsync(
            new Wire.GetItemRequest { Session = kept, Key = "none" }));
        await Assert.ThrowsAsync<RpcException>(async () => await running.Client.Administration.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { SessionId = 1 }));

        // A refusal is counted behind its answer.
        await Eventually.IsTrueAsync(() => running.Master.Statistics.ListsRefused == 1, "the last refusal");
        MasterStatistics counted = running.Master.Statistics;
        Assert.Equal((1, 2L, 1L), (counted.Sessions, counted.SessionsGranted, counted.SessionsEnded));
        Assert.Equal((1L, 1L), (counted.Renewed, counted.RenewalsRefused));
        Assert.Equal((1L, 1L, 1L, 0L), (counted.CreatesRefused, counted.OthersRefused, counted.ListsRefused, counted.Overloaded));
        Assert.Equal(running.Master.MasterEpoch, counted.MasterEpoch);
        Assert.Equal(1, counted.Connections);
        Assert.InRange(counted.HookThreads, 2, int.MaxValue);
        Assert.InRange(counted.Commits, before.Commits + 3, long.MaxValue);
        Assert.InRange(counted.LastCommitNs, 1, counted.LongestCommitNs);
        Assert.Equal(0, counted.CommitsFailed);
        Assert.Contains(("interop_sessions.master.renewals", 1d), seen);
        Assert.True(seen.Count(one => one.Name == "interop_sessions.master.commit_time") >= 3);
    }

    [Fact]
    public async Task Hooks_that_wait_for_one_that_hangs_are_counted()
    {
        using ManualResetEventSlim mayReturn = new();
        using RunningMaster running = new();
        running.Hooks.OnSessionInitialize = (_, _) => mayReturn.Wait(Eventually.Patience);
        Task[] creates = [.. Enumerable.Range(0, 3).Select(_ => running.Client.CreateAsync("one"))];
        await Eventually.IsTrueAsync(
            () => running.Master.Statistics is { HooksRunning: 1, HooksWaiting: 2, EndsWaiting: 0 },
            "one hook that runs and two that wait");
        mayReturn.Set();
        await Task.WhenAll(creates.Select(async create => await Record.ExceptionAsync(() => create)));
        await Eventually.IsTrueAsync(
            () => running.Master.Statistics is { HooksRunning: 0, HooksWaiting: 0 }, "none that runs or waits");
    }

    [Fact]
    public void What_a_master_that_is_stopped_has_counted_is_still_told()
    {
        RunningMaster running = new();
        long commits = running.Master.Statistics.Commits;
        running.Dispose();
        Assert.Equal((0UL, 0, 0), (running.Master.Statistics.MasterEpoch, running.Master.Statistics.Sessions, running.Master.Statistics.Connections));
        Assert.InRange(running.Master.Statistics.Commits, commits, long.MaxValue);
    }
}
