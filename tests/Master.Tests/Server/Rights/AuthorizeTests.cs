using System;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>The host is asked who may do what.</summary>
public sealed class AuthorizeTests : IDisposable
{
    private readonly ConcurrentQueue<AccessRequest> _asked = new();
    private readonly ManualResetEventSlim _goOn = new(initialState: true);
    private readonly RecordedLog _log = new();
    private readonly RunningMaster _running;
    private Func<AccessRequest, Verdict> _authorize = _ => Verdict.Accept;

    public AuthorizeTests() => _running = new RunningMaster(
        options => options.Authorize = request =>
        {
            _asked.Enqueue(request);
            _goOn.Wait();
            return _authorize(request);
        },
        loggers: _log);

    public void Dispose()
    {
        _goOn.Set();
        _running.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public async Task It_hears_who_asks_for_what_and_may_deny_with_a_reason()
    {
        _authorize = request => request.Right != Right.Administer ? Verdict.Accept : Verdict.Refuse("the cluster is frozen");
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        Assert.Equal([new AccessRequest(Caller.Nameless, Right.Serve, "a")], _asked);
        SessionException refusal = await MasterClient.AssertRefusedAsync(
            SessionStatus.Unauthenticated, async () => await _running.Client.Administration.RevokeSessionAsync(
                new Wire.RevokeSessionRequest { SessionId = key.SessionId, Epoch = key.Epoch }));
        Assert.Equal("a caller without a name may not administer: the cluster is frozen", refusal.Message);
        Assert.True(_log.Any(1087, "by the host's Authorize"));
    }

    [Fact]
    public async Task It_is_not_asked_about_what_the_rules_deny()
    {
        using GuardedMaster guarded = new(options => options.Authorize = request =>
        {
            _asked.Enqueue(request);
            return request.Identity != "cs/cs1/forbidden";
        });
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => guarded.As("cs2").CreateAsync("cs/cs1"));
        Assert.Empty(_asked);
        await guarded.As("cs1").CreateAsync("cs/cs1");
        Assert.Equal([new AccessRequest(Caller.Named("cs1", CallerProof.Token), Right.Serve, "cs/cs1")], _asked);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => guarded.As("cs1").CreateAsync("cs/cs1/forbidden"), "the master's host denies it");
    }

    [Fact]
    public async Task A_list_shows_nothing_beside_the_prefix_that_it_was_asked_about()
    {
        _authorize = request => request.Right == Right.Serve || request.Identity == "mine/";
        await _running.Client.CreateAsync("mine/1");
        await _running.Client.CreateAsync("theirs/1");
        Wire.ListSessionsReply list = await _running.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest { IdentityPrefix = "mine/" });
        Assert.Equal("mine/1", Assert.Single(list.Sessions).Description.Identity);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Unauthenticated,
            async () => await _running.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()));
    }

    [Fact]
    public async Task It_is_asked_once_a_stream_for_each_session()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        _asked.Clear();
        using RenewalStream stream = _running.Client.OpenStream();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        }

        Assert.Single(_asked);
        _authorize = _ => Verdict.Refuse();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        using RenewalStream next = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.Unauthenticated, await next.StatusOfAsync(key));
    }

    [Fact]
    public async Task It_is_not_asked_about_renewals_of_sessions_that_others_hold()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        _asked.Clear();
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(
            SessionStatus.WrongNonce,
            await stream.StatusOfAsync(new Wire.SessionKey { SessionId = key.SessionId, Epoch = key.Epoch, Nonce = key.Nonce + 1 }));
        Assert.Empty(_asked);
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task While_it_hangs_calls_time_out_and_renewals_that_it_has_allowed_go_on()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a", termMs: 60_000);
        Wire.SessionKey other = await _running.Client.CreateKeyAsync("b", termMs: 60_000);
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        _goOn.Reset();
        await MasterClient.AssertRefusedAsync(SessionStatus.TimedOut, () => _running.Client.SetItemAsync(key, "k", [1]), "has not said within 1000 ms");
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        // One that is new waits for the host, and is answered behind the others.
        Task<Wire.KeepAliveReply> both = stream.RenewAsync(key, other);
        _goOn.Set();
        foreach (Wire.Renewal renewal in (await both).Renewals)
        {
            Assert.Equal(SessionStatus.Ok, (SessionStatus)renewal.Status);
        }

        await _running.Client.SetItemAsync(key, "k", [1]);
    }

    [Fact]
    public async Task While_it_hangs_the_first_renewal_on_a_stream_has_no_answer_and_is_asked_about_again_with_the_next()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a", termMs: 60_000);
        _asked.Clear();
        _goOn.Reset();
        using RenewalStream stream = _running.Client.OpenStream();
        long begunNs = BootClock.NowNs;
        Assert.Empty((await stream.FirstReplyAsync(key)).Renewals);
        Assert.True(BootClock.NowNs - begunNs >= Ns.FromMs(Limits.AuthorizeMs));
        Assert.Single(_asked);

        _goOn.Set();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task However_many_calls_are_with_a_slow_host_a_renewal_is_asked_about_at_once()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a", termMs: 60_000);
        using ManualResetEventSlim calls = new();
        _authorize = request =>
        {
            if (request.Right == Right.Serve)
            {
                calls.Wait();
            }

            return true;
        };
        _asked.Clear();
        Task<SessionException>[] refused =
        [
            .. Enumerable.Range(0, 20).Select(i => MasterClient.RefusalOf(() => _running.Client.CreateAsync($"stranger-{i}"))),
        ];
        try
        {
            await Eventually.IsTrueAsync(() => _asked.Count == Limits.MaxAuthorizeThreads - 1, "all threads for calls are with the host");
            using RenewalStream stream = _running.Client.OpenStream();
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
            Assert.All(await Task.WhenAll(refused), refusal => Assert.Equal(SessionStatus.TimedOut, refusal.Status));
        }
        finally
        {
            calls.Set();
        }
    }

    [Fact]
    public async Task One_that_throws_denies()
    {
        _authorize = _ => throw new InvalidOperationException("a defect");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Unauthenticated, () => _running.Client.CreateAsync("a"), "the host's Authorize failed");
        Assert.True(_log.Any(1006, "hook Authorize of a threw"));
    }

    [Fact]
    public async Task A_stop_waits_for_it_and_cannot_be_called_from_it()
    {
        SessionStatus said = SessionStatus.Ok;
        _authorize = _ =>
        {
            said = Assert.Throws<SessionException>(() => _running.Master.Stop()).Status;
            return true;
        };
        await _running.Client.CreateAsync("a");
        Assert.Equal(SessionStatus.InCallback, said);

        bool hasReturned = false;
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim mayReturn = new();
        _authorize = _ =>
        {
            begun.Set();
            mayReturn.Wait();
            Volatile.Write(ref hasReturned, true);
            return true;
        };
        Task<SessionException> create = MasterClient.RefusalOf(() => _running.Client.CreateAsync("b"));
        Eventually.IsSet(begun, "asked");
        Task stop = Eventually.OnOwnThread(() => _running.Master.Stop());
        await create;
        Assert.False(stop.IsCompleted);
        mayReturn.Set();
        await Eventually.Ends(stop);
        Assert.True(Volatile.Read(ref hasReturned));
    }

    [Fact]
    public async Task Denials_are_counted_by_right_and_status()
    {
        int denied = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (instrument.Name == "interop_sessions.master.denied")
            {
                mine.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if ($"{tags[0].Value} {tags[1].Value}" == "read Unauthenticated")
            {
                Interlocked.Add(ref denied, (int)count);
            }
        });
        listener.Start();
        _authorize = _ => Verdict.Refuse();
        for (int i = 0; i < 5; i++)
        {
            await MasterClient.AssertRefusedAsync(
                SessionStatus.Unauthenticated,
                async () => await _running.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()));
        }

        Assert.True(Volatile.Read(ref denied) >= 5);
    }
}
