using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Leadership;

/// <summary>A host that says whether it leads.</summary>
public sealed class LeadershipTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RunningMaster _running;

    public LeadershipTests() => _running = new RunningMaster(
        options => (options.TermMs, options.MaxTermMs) = (2000, 10_000), _time);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Who_does_not_lead_answers_every_call_so_and_says_who_does()
    {
        _running.Hooks.OnDataReport = report => report.Window;
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await StepDownAsync(key);
        Wire.Sessions.SessionsClient sessions = _running.Client.Sessions;
        Func<Task>[] calls =
        [
            () => _running.Client.CreateAsync("another"),
            () => _running.Client.CloseAsync(key),
            () => _running.Client.SetItemAsync(key, "item", []),
            () => _running.Client.ListItemsAsync(key),
            () => _running.Client.FindNfsAsync(key, "volume"),
            async () => await sessions.GetItemAsync(new Wire.GetItemRequest { Session = key, Key = "item" }),
            async () => await sessions.RemoveItemAsync(new Wire.RemoveItemRequest { Session = key, Key = "item" }),
            async () => await sessions.ReportDataAsync(
                new Wire.ReportDataRequest { Session = key, Window = new Wire.ReportWindow() }),
            async () => await _running.Client.Administration.RevokeSessionAsync(
                new Wire.RevokeSessionRequest { SessionId = key.SessionId, Epoch = key.Epoch }),
            async () => await _running.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()),
            async () => await _running.Client.Administration.ListSessionItemsAsync(
                new Wire.ListSessionItemsRequest { SessionId = key.SessionId }),
        ];
        foreach (Func<Task> call in calls)
        {
            SessionException refusal = await MasterClient.RefusalOf(call);
            Assert.Equal((SessionStatus.NotLeader, "leader:7070"), (refusal.Status, refusal.LeaderHint));
        }

        Assert.Equal((false, 0UL), (_running.Master.Leads, _running.Master.MasterEpoch));

        using RenewalStream stream = _running.Client.OpenStream();
        Wire.KeepAliveReply reply = await stream.RenewAsync(key);
        Assert.Equal((Wire.Status.NotLeader, "leader:7070"), (Assert.Single(reply.Renewals).Status, reply.LeaderHint));
    }

    [Fact]
    public async Task A_create_asks_afresh_and_before_any_other_hook()
    {
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        SessionException refusal = await MasterClient.RefusalOf(() => _running.Client.CreateAsync("server"));
        Assert.Equal((SessionStatus.NotLeader, (string?)null), (refusal.Status, refusal.LeaderHint));
        Assert.Empty(_running.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task Who_cannot_say_that_he_leads_does_not()
    {
        _running.Hooks.OnCheckLeader = () => throw new InvalidOperationException("the host's own defect");
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => _running.Client.CreateAsync("server"));
    }

    [Fact]
    public async Task Who_does_not_lead_expires_nobody_and_after_it_leads_again_all_leases_begin_anew()
    {
        TaskCompletionSource<long> endedNs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionEnded = (_, _) => endedNs.SetResult(_time.NowNs);
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", Limits.DefaultMinTermMs);
        long deadlineNs = Assert.Single(_running.Master.ListSessions().Rows).DeadlineNs;
        await StepDownAsync(key);
        _time.Pass(Ns.ToMsUp(deadlineNs - _time.NowNs) + 500);
        Assert.False(endedNs.Task.IsCompleted);

        long regainedNs = _time.NowNs;
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(true);

        // Nobody could renew in between: each gets the whole of its term again.
        _time.Pass(Limits.DefaultMinTermMs);
        Assert.False(endedNs.Task.IsCompleted);
        _time.Pass(Limits.CheckLeaderIntervalMs + Limits.LeadershipPollMs + 200);
        Assert.True(await Eventually.Ends(endedNs.Task) - regainedNs >= Ns.FromMs(Limits.DefaultMinTermMs));
    }

    [Fact]
    public async Task A_slow_answer_does_not_overrule_a_newer_one()
    {
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim asked = new();
        int questions = 0;
        _running.Hooks.OnCheckLeader = () =>
        {
            if (Interlocked.Increment(ref questions) > 1)
            {
                return new LeaderAnswer(false);
            }

            asked.Set();
            release.Wait(Eventually.Patience);
            return new LeaderAnswer(true);
        };
        Assert.True(_time.PassUntil(() => asked.IsSet, 2 * Limits.CheckLeaderIntervalMs));
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => _running.Client.CreateAsync("server"));
        release.Set();
        int answered = Volatile.Read(ref questions);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await MasterClient.AssertRefusedAsync(
                    SessionStatus.NotLeader, async () => await _running.Client.Sessions.CloseSessionAsync(
                        new Wire.CloseSessionRequest { Session = new Wire.SessionKey { SessionId = 1 } }));
                _time.Pass(Limits.CheckLeaderIntervalMs);
                return Volatile.Read(ref questions) > answered;
            },
            "asked again");
    }

    [Fact]
    public async Task A_host_that_hangs_stops_leading_and_leads_again_when_it_answers()
    {
        using ManualResetEventSlim release = new();
        // It outlives the answer that wears off.
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 10_000);
        _running.Hooks.OnCheckLeader = () =>
        {
            release.Wait(Eventually.Patience);
            return new LeaderAnswer(true);
        };
        Assert.True(_time.PassUntil(() => !_running.Master.Leads, Limits.CheckLeaderAnswerMs), "leads no more");
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => _running.Client.SetItemAsync(key, "item", []));
        release.Set();
        await Eventually.IsTrueAsync(() => _time.PassUntil(() => _running.Master.Leads, 10), "leads again");
        await _running.Client.SetItemAsync(key, "item", []);
    }

    [Fact]
    public async Task One_answer_says_whether_it_leads_and_in_which_leadership()
    {
        ulong first = Assert.NotNull(_running.Master.ActingEpoch);
        Assert.Equal((true, first), (_running.Master.Leads, _running.Master.MasterEpoch));
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(() => _time.PassUntil(() => _running.Master.ActingEpoch == null, 10), "leads no more");
        Assert.Equal((false, 0UL), (_running.Master.Leads, _running.Master.MasterEpoch));
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(true);
        await Eventually.IsTrueAsync(() => _time.PassUntil(() => _running.Master.ActingEpoch >= first, 10), "leads again");
    }

    private async Task StepDownAsync(Wire.SessionKey key)
    {
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(false, "leader:7070");
        await Eventually.IsTrueAsync(
            async () =>
            {
                _time.Pass(Limits.CheckLeaderIntervalMs / 5);
                try
                {
                    await _running.Client.ListItemsAsync(key);
                    return false;
                }
                catch (RpcException)
                {
                    return true;
                }
            },
            "stepped down");
    }
}
