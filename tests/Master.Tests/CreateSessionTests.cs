using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Step 4 of the create flow, as a follower and the host see it.</summary>
public sealed class CreateSessionTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task The_hooks_run_in_order_and_the_session_is_durable_between_them()
    {
        List<string> steps = [];
        _running.Hooks.OnCheckLeader = () =>
        {
            lock (steps)
            {
                steps.Add("CheckLeader");
            }

            return new LeaderAnswer(true);
        };
        _running.Hooks.OnSessionInitialize = (_, _) => Note("SessionInitialize");
        _running.Hooks.OnSessionCreated = (_, _) => Note("SessionCreated");

        await _running.Client.CreateAsync("server");

        lock (steps)
        {
            // The watch asks CheckLeader, too, whenever it likes.
            Assert.Equal("CheckLeader", steps[0]);
            Assert.Equal(
                ["SessionInitialize: 0 listed", "SessionCreated: 1 listed"], steps.Where(step => step != "CheckLeader"));
        }

        void Note(string hook)
        {
            int listed = _running.Master.ListSessions().Rows.Count;
            lock (steps)
            {
                steps.Add($"{hook}: {listed} listed");
            }
        }
    }

    [Fact]
    public async Task The_reply_is_what_the_master_granted()
    {
        _running.Hooks.OnSessionInitialize = (request, amendment) =>
        {
            Assert.Equal((0UL, 0UL, 5000U), (request.SessionId, request.Epoch, request.TermMs));
            Assert.Equal(("server", "host-of-server", 4711U), (request.Description.Identity, request.Description.HostName, request.Description.ProcessId));
            Assert.Equal((5000U, 0b111UL), (amendment.TermMs, amendment.Capabilities));
            amendment.TermMs = 1_000_000;
            amendment.Capabilities = 0b11;
        };
        _running.Hooks.OnSessionCreated = (request, grant) =>
        {
            Assert.Equal(Limits.DefaultMaxTermMs, request.TermMs);
            Assert.Equal(0b11UL, grant.Capabilities);
            grant.Capabilities = 0b10;
            grant.ReportWindow = new ReportWindow(7000, 500);
        };

        Wire.CreateSessionReply reply = await _running.Client.CreateAsync("server", termMs: 5000);

        Assert.Equal(Limits.DefaultMaxTermMs, reply.TermMs);
        Assert.Equal(Limits.DefaultMaxTermMs / Limits.RenewalsPerTerm, reply.RenewalIntervalMs);
        Assert.InRange(reply.RenewalPhaseMs, 0U, reply.RenewalIntervalMs - 1);
        Assert.Equal(0b10UL, reply.Capabilities);
        Assert.Equal((7000UL, 500U), (reply.ReportWindow.StartPid, reply.ReportWindow.ReportSize));
        SessionRow row = Assert.Single(_running.Master.ListSessions().Rows);
        Assert.Equal((reply.SessionId, reply.Epoch), (row.SessionId, row.Epoch));
        Assert.Equal((0b10UL, 0b11UL), (row.GrantedCapabilities, row.Description.Capabilities));
        Assert.Equal(new ReportWindow(7000, 500), row.ReportWindow);
    }

    [Fact]
    public async Task A_repeated_create_answers_the_same_session_and_asks_no_hook_again()
    {
        _running.Hooks.OnSessionCreated = (_, grant) => grant.ReportWindow = new ReportWindow(1, 2);
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server");
        Wire.CreateSessionReply first = await _running.Client.Sessions.CreateSessionAsync(request);
        Wire.CreateSessionReply second = await _running.Client.Sessions.CreateSessionAsync(request);

        Assert.Equal(first, second);
        Assert.Equal(["SessionInitialize", "SessionCreated"], _running.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task A_create_repeated_while_the_first_is_in_a_hook_is_told_the_first_ones_answer()
    {
        using ManualResetEventSlim inHook = new();
        using ManualResetEventSlim release = new();
        _running.Hooks.OnSessionCreated = (_, grant) =>
        {
            inHook.Set();
            Assert.True(release.Wait(Eventually.Patience));
            grant.ReportWindow = new ReportWindow(1, 2);
        };
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server");
        Task<Wire.CreateSessionReply> first = _running.Client.Sessions.CreateSessionAsync(request).ResponseAsync;
        Assert.True(inHook.Wait(Eventually.Patience));
        Task<Wire.CreateSessionReply> second = _running.Client.Sessions.CreateSessionAsync(request).ResponseAsync;

        release.Set();

        Assert.Equal(await Eventually.Ends(first), await Eventually.Ends(second));
        Assert.Single(_running.Hooks.CallsOf("server"), call => call == "SessionCreated");
    }

    [Fact]
    public async Task A_refusal_before_persisting_reaches_the_follower_and_leaves_nothing()
    {
        _running.Hooks.OnSessionInitialize =
            (_, _) => throw new SessionException(SessionStatus.Refused, "the rack is being drained");

        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, () => _running.Client.CreateAsync("server"), "the rack is being drained");

        Assert.Empty(_running.Master.ListSessions().Rows);
        Assert.Equal(["SessionInitialize"], _running.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task A_refusal_after_persisting_closes_the_session_and_reaches_the_follower()
    {
        _running.Hooks.OnSessionCreated = (_, _) => throw new SessionException(SessionStatus.Refused, "no pids left");

        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, () => _running.Client.CreateAsync("server"), "no pids left");

        Assert.Empty(_running.Master.ListSessions().Rows);
        await Eventually.IsTrueAsync(
            () => _running.Hooks.CallsOf("server").LastOrDefault() == "SessionEnded Closed", "told of the end");
        _running.Hooks.OnSessionCreated = (_, _) => { };
        await _running.Client.CreateAsync("server");
    }

    [Fact]
    public async Task A_hook_that_throws_refuses_and_the_master_serves_on()
    {
        _running.Hooks.OnSessionInitialize = (_, _) => throw new InvalidOperationException("the host's own defect");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, () => _running.Client.CreateAsync("server"), "SessionInitialize", "the host's own defect");

        _running.Hooks.OnSessionInitialize = (_, _) => { };
        _running.Hooks.OnSessionCreated = (_, _) => throw new InvalidOperationException("another");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, () => _running.Client.CreateAsync("server"), "SessionCreated", "another");

        _running.Hooks.OnSessionCreated = (_, _) => { };
        await _running.Client.CreateAsync("server");
    }

    [Fact]
    public async Task A_refusal_of_any_length_reaches_the_follower()
    {
        _running.Hooks.OnSessionInitialize =
            (_, _) => throw new SessionException(SessionStatus.Refused, new string('\u20ac', 1_000_000));
        SessionException refusal = await MasterClient.RefusalOf(() => _running.Client.CreateAsync("server"));
        Assert.Equal(SessionStatus.Refused, refusal.Status);
        Assert.StartsWith(new string('\u20ac', 100), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_has_one_holder_until_its_lease_ends()
    {
        VirtualTime time = new();
        using RunningMaster running = new(time: time);
        Wire.CreateSessionReply first = await running.Client.CreateAsync("server", termMs: Limits.DefaultMinTermMs);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, () => running.Client.CreateAsync("server"), "'server'", $"for {Limits.DefaultMinTermMs} ms more");
        time.Pass(Limits.DefaultMinTermMs - 1);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, () => running.Client.CreateAsync("server"), "'server'", "for 1 ms more");

        time.Pass(100);
        Wire.CreateSessionReply second = await running.Client.CreateAsync("server");
        Assert.True(second.Epoch > first.Epoch);
        Assert.NotEqual(first.SessionId, second.SessionId);
    }

    [Fact]
    public async Task Beyond_max_sessions_a_create_is_refused_and_a_close_makes_room()
    {
        using RunningMaster small = new(options => options.MaxSessions = 2);
        Wire.SessionKey first = await small.Client.CreateKeyAsync("first");
        await small.Client.CreateAsync("second");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooManySessions, () => small.Client.CreateAsync("third"), "2", "max_sessions");

        await small.Client.CloseAsync(first);
        await small.Client.CreateAsync("third");
    }

    [Fact]
    public async Task Epochs_grow_from_session_to_session()
    {
        List<ulong> epochs = [];
        for (int i = 0; i < 5; i++)
        {
            Wire.CreateSessionReply reply = await _running.Client.CreateAsync("server");
            epochs.Add(reply.Epoch);
            await _running.Client.CloseAsync(MasterClient.KeyOf(reply));
        }

        Assert.Equal(epochs.Order().Distinct(), epochs);
    }
}
