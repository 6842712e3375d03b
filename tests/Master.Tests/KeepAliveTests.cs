using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Renewals and what happens without them.</summary>
public sealed class KeepAliveTests : IDisposable
{
    /// <summary>Within this what is due has expired: a look at the wheel, and one of its ticks.</summary>
    private const int ExpiryMs = 100;

    private readonly VirtualTime _time = new();
    private readonly RunningMaster _running;

    public KeepAliveTests() => _running = new RunningMaster(time: _time);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_silent_session_expires_and_no_earlier_than_its_term()
    {
        TaskCompletionSource<(long AtNs, SessionEndReason Reason)> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionEnded = (_, reason) => ended.SetResult((_time.NowNs, reason));
        long sentNs = _time.NowNs;
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", Limits.DefaultMinTermMs);

        _time.Pass(Limits.DefaultMinTermMs - 1);
        Assert.Single(_running.Master.ListSessions().Rows);
        _time.Pass(ExpiryMs);
        (long atNs, SessionEndReason reason) = await Eventually.Ends(ended.Task);

        Assert.Equal(SessionEndReason.Expired, reason);
        Assert.InRange(Ns.ToMs(atNs - sentNs), Limits.DefaultMinTermMs, Limits.DefaultMinTermMs - 1 + ExpiryMs);
        Assert.Empty(_running.Master.ListSessions().Rows);
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.SessionExpired, await stream.StatusOfAsync(key));
        Assert.Single(_running.Hooks.CallsOf("server"), call => call.StartsWith("SessionEnded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renewed_session_outlives_its_term_while_its_silent_neighbour_does_not()
    {
        const uint TermMs = 3000;
        Wire.SessionKey renewed = await _running.Client.CreateKeyAsync("renewed", TermMs);
        Wire.SessionKey silent = await _running.Client.CreateKeyAsync("silent", TermMs);
        using RenewalStream stream = _running.Client.OpenStream();
        for (uint passedMs = 0; passedMs < TermMs + ExpiryMs; passedMs += TermMs / Limits.RenewalsPerTerm)
        {
            Wire.Renewal verdict = Assert.Single((await stream.RenewAsync(renewed)).Renewals);
            Assert.Equal((Wire.Status.Ok, TermMs), (verdict.Status, verdict.TermMs));
            _time.Pass(TermMs / Limits.RenewalsPerTerm);
        }

        await Eventually.IsTrueAsync(
            () => _running.Hooks.CallsOf("silent").Contains("SessionEnded Expired"), "the silent one expired");

        Assert.Equal(renewed.SessionId, Assert.Single(_running.Master.ListSessions().Rows).SessionId);
        Assert.Equal(SessionStatus.SessionExpired, await stream.StatusOfAsync(silent));
    }

    [Fact]
    public async Task Each_renewal_of_a_batch_has_its_own_verdict_in_order()
    {
        Wire.SessionKey good = await _running.Client.CreateKeyAsync("good");
        Wire.SessionKey closed = await _running.Client.CreateKeyAsync("closed");
        Wire.SessionKey revoked = await _running.Client.CreateKeyAsync("revoked");
        await _running.Client.CloseAsync(closed);
        _running.Master.RevokeSession(revoked.SessionId, revoked.Epoch, "test");
        Wire.SessionKey wrongEpoch = new(good) { Epoch = good.Epoch + 1 };
        Wire.SessionKey wrongNonce = new(good) { Nonce = good.Nonce + 1 };
        Wire.SessionKey unknown = new() { SessionId = 1, Epoch = 1, Nonce = 1 };
        using RenewalStream stream = _running.Client.OpenStream();

        Wire.KeepAliveReply reply = await stream.RenewAsync(good, closed, revoked, wrongEpoch, wrongNonce, unknown);

        Assert.Equal(
            [
                Wire.Status.Ok, Wire.Status.SessionClosed, Wire.Status.SessionRevoked, Wire.Status.WrongEpoch,
                Wire.Status.WrongNonce, Wire.Status.UnknownSession,
            ],
            reply.Renewals.Select(renewal => renewal.Status));
        Assert.Equal(
            [good.SessionId, closed.SessionId, revoked.SessionId, good.SessionId, good.SessionId, 1UL],
            reply.Renewals.Select(renewal => renewal.SessionId));
        Assert.Equal(_running.Master.MasterEpoch, reply.MasterEpoch);
    }

    [Fact]
    public async Task A_batch_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        using (RenewalStream stream = _running.Client.OpenStream())
        {
            Wire.KeepAliveReply reply = await stream.RenewAsync([.. Enumerable.Repeat(key, Limits.MaxRenewalsPerMessage)]);
            Assert.Equal(Limits.MaxRenewalsPerMessage, reply.Renewals.Count);
        }

        using RenewalStream tooMany = _running.Client.OpenStream();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong,
            () => tooMany.RenewAsync([.. Enumerable.Repeat(key, Limits.MaxRenewalsPerMessage + 1)]), "1025", "1024");
    }

    /// <summary>More identities than any small pool of threads has hooks that block for 5 s; the other holder's term is 3 s.</summary>
    [Fact]
    public async Task Hooks_that_block_for_5_s_delay_nobody_elses_keep_alive()
    {
        using ManualResetEventSlim release = new();
        int blocked = 0;
        _running.Hooks.OnSessionInitialize = (request, _) =>
        {
            if (request.Description.Identity.StartsWith("slow", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref blocked);
                release.Wait(Eventually.Patience);
            }
        };
        Wire.SessionKey other = await _running.Client.CreateKeyAsync("other", 3000);
        Task[] slow = [.. Enumerable.Range(0, 50).Select(i => (Task)_running.Client.CreateAsync($"slow-{i}"))];
        await Eventually.IsTrueAsync(() => Volatile.Read(ref blocked) == slow.Length, "all slow hooks blocked");

        List<TimeSpan> answers = [];
        using RenewalStream stream = _running.Client.OpenStream();
        for (int passedMs = 0; passedMs < 5000; passedMs += 50)
        {
            Stopwatch answer = Stopwatch.StartNew();
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(other));
            answers.Add(answer.Elapsed);
            _time.Pass(50);
        }

        // A renewal is due every 500 ms.
        Assert.True(answers.Max() < TimeSpan.FromMilliseconds(500), $"the slowest answer took {answers.Max()}");
        await _running.Client.CreateAsync("another one gets a session meanwhile");
        release.Set();
        await Eventually.Ends(Task.WhenAll(slow));
    }
}
