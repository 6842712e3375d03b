using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Telemetry;

public sealed class FollowerMetricsTests : IDisposable
{
    private const string Identity = "counted";
    private readonly RunningMaster _master = new(new History());
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _seen = new();

    public FollowerMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Interop.Sessions.Follower")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Renewals_their_gaps_and_a_loss_with_its_reason_are_counted_for_the_identity()
    {
        using TestFollower test = Follower(_master.Address);
        SessionInfo session = test.CreateAndRenew();
        _master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");
        test.HearsOf($"lost {session.Epoch} Revoked");

        Assert.True(_seen.Count(one => one is { Name: "renewals", Tags: "kind=renewal" }) >= 2);
        double[] gaps = [.. _seen.Where(one => one.Name == "renewal_gap").Select(one => one.Value)];
        Assert.True(gaps.Length >= 2);
        Assert.All(gaps, gap => Assert.InRange(gap, 0, Eventually.Patience.TotalSeconds));
        Assert.Equal("reason=REVOKED", Assert.Single(_seen, one => one.Name == "sessions_lost").Tags);
        FollowerStatistics counted = test.Follower.Statistics;
        Assert.Equal((1, 1, 0, 0), (counted.SessionsGranted, counted.SessionsLost, counted.InquiriesSent, counted.CallbacksWaiting));
        Assert.Equal(gaps.Length, counted.Renewed);
        Assert.Equal(gaps.Max(), counted.LongestGapNs / 1e9, precision: 6);
        Assert.InRange(counted.RenewalsSent, counted.Renewed, long.MaxValue);
        Assert.InRange(counted.LastRenewedNs, 1, BootClock.NowNs);
    }

    /// <summary>A thread that renews would end the host's process with its own.</summary>
    [Fact]
    public void A_listener_that_throws_costs_no_renewal()
    {
        const string Thrown = "thrown";
        int heard = 0;
        using MeterListener thrower = new();
        thrower.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Interop.Sessions.Follower")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        thrower.SetMeasurementEventCallback<long>((_, _, tags, _) => Throw(tags));
        thrower.SetMeasurementEventCallback<double>((_, _, tags, _) => Throw(tags));
        thrower.Start();
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [_master.Address] }, identity: Thrown);

        SessionInfo session = test.CreateAndRenew();
        test.BecomesRenewed();

        Assert.True(Volatile.Read(ref heard) > 0);
        Assert.Equal((session.Epoch, SessionState.Alive), (test.Follower.Session.Epoch, test.State));

        void Throw(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach ((string name, object? value) in tags)
            {
                if (name == "identity" && (string?)value == Thrown)
                {
                    Interlocked.Increment(ref heard);
                    throw new InvalidOperationException("of the host");
                }
            }
        }
    }

    [Fact]
    public void Callbacks_that_wait_for_one_that_hangs_are_counted()
    {
        using ManualResetEventSlim isInside = new();
        using ManualResetEventSlim mayReturn = new();
        CallbackThread thread = new("sessions-call", _ => { }, _ => { });
        thread.Post(() =>
        {
            isInside.Set();
            mayReturn.Wait(Eventually.Patience);
        });
        Assert.True(isInside.Wait(Eventually.Patience));

        thread.Post(() => { });
        thread.Post(() => { });
        Assert.Equal(2, thread.Waiting);

        mayReturn.Set();
        thread.End();
        thread.Join();
        thread.End();
        Assert.Equal(0, thread.Waiting);
        thread.Post(() => { });
        Assert.Equal(0, thread.Waiting);
    }

    [Fact]
    public void An_answer_that_takes_longer_than_an_interval_is_late()
    {
        FollowerMetrics metrics = new(Identity);
        metrics.NoteGranted(0);

        metrics.NoteAnswer(new JudgedAnswer(default, 50_000_000, IntervalMs: 100, LeaderEpoch: 1, IsExtended: true), nowNs: 150_000_000);
        Assert.DoesNotContain(_seen, one => one.Name == "late_answers");
        metrics.NoteAnswer(new JudgedAnswer(default, 150_000_000, IntervalMs: 100, LeaderEpoch: 1, IsExtended: false), nowNs: 250_000_001);
        Assert.Equal((1, 1), (metrics.Statistics.LateAnswers, metrics.Statistics.Renewed));
        Assert.Equal(150_000_000, metrics.Statistics.LastRenewedNs);

        Assert.Single(_seen, one => one.Name == "late_answers");
        Assert.Equal(0.15, Assert.Single(_seen, one => one.Name == "renewal_gap").Value, precision: 6);
    }

    [Fact]
    public void The_gap_is_as_long_as_the_silence()
    {
        using TcpProxy proxy = new(_master.Port);
        using TestFollower test = Follower(proxy.Address);
        test.CreateAndRenew();
        DateTime cutAt = DateTime.UtcNow;
        proxy.Cut();
        test.BecomesState(SessionState.Suspect);
        TimeSpan silence = DateTime.UtcNow - cutAt;
        proxy.Restore();
        int known = _seen.Count;

        Eventually.IsTrue(
            () => _seen.Skip(known).Any(one => one.Name == "renewal_gap") || test.State == SessionState.Lost,
            "renewed, or lost");

        if (test.State != SessionState.Lost)
        {
            Assert.True(_seen.Where(one => one.Name == "renewal_gap").Max(one => one.Value) >= silence.TotalSeconds);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _master.Dispose();
    }

    private static TestFollower Follower(string endpoint) =>
        new(new FollowerManagerOptions { Endpoints = [endpoint] }, identity: Identity);

    // Other tests run at the same time, with other identities.
    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        KeyValuePair<string, object?>[] all = tags.ToArray();
        if (all.Any(tag => tag is { Key: "identity", Value: Identity }))
        {
            _seen.Enqueue((
                instrument.Name["interop_sessions.follower.".Length..], value,
                string.Join(",", all.Where(tag => tag.Key != "identity").Select(tag => $"{tag.Key}={tag.Value}"))));
        }
    }
}
