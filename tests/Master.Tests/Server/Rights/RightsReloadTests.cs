using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Files of rules and tokens change while the master runs.</summary>
public sealed class RightsReloadTests : IDisposable
{
    private const uint LongTermMs = 60_000;

    private readonly VirtualTime _time = new();
    private readonly GuardedMaster _guarded;

    public RightsReloadTests()
    {
        _guarded = new GuardedMaster(null, _time);
        _time.AwaitSleepers("sessions-files");
    }

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public async Task What_is_written_counts_without_a_restart()
    {
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => _guarded.As("nothing").CreateAsync("thing"));
        _guarded.WriteRules("allow nothing serve thing");
        PassUntilTold("rules has changed, and is in force");
        await _guarded.As("nothing").CreateAsync("thing");
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => _guarded.As("cs1").CreateAsync("cs/cs1"));
    }

    [Fact]
    public async Task What_makes_no_sense_leaves_the_former_rules_and_is_told_and_counted_once()
    {
        using MeterListener listener = new();
        List<string> counted = [];
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (instrument.Name == "interop_sessions.master.rights_files")
            {
                mine.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (counted)
            {
                counted.Add($"{tags[0].Value} {tags[1].Value}");
            }
        });
        listener.Start();

        _guarded.WriteRules("allow cs1 serve cs/cs1\nallow everybody everything\n");
        PassUntilTold($"its former content stays in force: file of rules '{_guarded.RulesPath}', line 2: 'everything' is no right");
        _time.Pass(4 * Limits.RightsLookMs);
        Assert.Single(_guarded.Log.Of(1088));
        await _guarded.As("cs2").CreateAsync("cs/cs2");

        File.Delete(_guarded.RulesPath);
        PassUntilTold("cannot be read: No such file or directory");
        await _guarded.As("cs2").CreateAsync("cs/cs2/2");

        _guarded.WriteRules("allow cs1 serve cs/cs1\n");
        PassUntilTold("is in force");
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => _guarded.As("cs2").CreateAsync("cs/cs2/3"));
        lock (counted)
        {
            Assert.Equal(
                ["rules refused", "rules refused", "rules in_force"],
                counted.Where(change => change.StartsWith("rules", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_mistake_in_the_rules_that_is_mended_costs_no_session()
    {
        Wire.SessionKey key = await _guarded.As("cs1").CreateKeyAsync("cs/cs1/a", LongTermMs);
        using RenewalStream stream = _guarded.As("cs1").OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        _guarded.WriteRules("allow cs1 serve cs/cs1/b");
        PassUntilTold("is in force");
        Assert.Equal(SessionStatus.PermissionDenied, await stream.StatusOfAsync(key));

        _guarded.WriteRules("allow cs1 serve cs/cs1/");
        _time.Pass(Limits.RightsLookMs);
        Assert.True(_time.PassUntil(() => _guarded.Log.Of(1088).Count == 2, 10 * Limits.RightsLookMs));
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task A_stream_whose_caller_may_hold_nothing_any_more_ends()
    {
        Wire.SessionKey key = await _guarded.As("cs1").CreateKeyAsync("cs/cs1", LongTermMs);
        using RenewalStream stream = _guarded.As("cs1").OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        _guarded.WriteRules("allow cs2 serve cs/cs2");
        PassUntilTold("is in force");
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => stream.StatusOfAsync(key), "no rule gives it that right");
    }

    [Fact]
    public async Task A_token_is_changed_for_another_and_the_session_lives_on()
    {
        Wire.SessionKey key = await _guarded.As("cs1").CreateKeyAsync("cs/cs1", LongTermMs);
        using RenewalStream stream = _guarded.As("cs1").OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        // Both count for a while.
        _guarded.WriteTokens("cs1", "cs1+new");
        PassUntilTold("tokens has changed, and is in force");
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        using RenewalStream next = _guarded.As("cs1+new").OpenStream();
        Assert.Equal(SessionStatus.Ok, await next.StatusOfAsync(key));

        _guarded.WriteTokens("cs1+new");
        Assert.True(_time.PassUntil(() => _guarded.Log.Of(1088).Count == 2, 10 * Limits.RightsLookMs));
        await MasterClient.AssertRefusedAsync(SessionStatus.Unauthenticated, () => stream.StatusOfAsync(key), "does not know");
        await MasterClient.AssertRefusedAsync(SessionStatus.Unauthenticated, () => _guarded.As("cs1").CloseAsync(key));
        Assert.Equal(SessionStatus.Ok, await next.StatusOfAsync(key));
        await _guarded.As("cs1+new").CloseAsync(key);
    }

    private void PassUntilTold(string what) =>
        Assert.True(_time.PassUntil(() => _guarded.Log.Any(1088, what), 10 * Limits.RightsLookMs), $"{what}: {string.Join("; ", _guarded.Log.Of(1088))}");
}
