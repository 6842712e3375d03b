using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Copies of creates and re-attaches that come when their session is held, to a host that has changed its mind.</summary>
public sealed class LateCreateTests : IDisposable
{
    private const uint TermMs = 30_000;
    private readonly RunningMaster _running = new(options => options.MaxTermMs = TermMs);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_late_copy_of_a_create_that_is_refused_now_leaves_the_identity_with_its_holder()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server", TermMs);
        Wire.CreateSessionReply held = await _running.Client.Sessions.CreateSessionAsync(request);
        _running.Restart();
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(MasterClient.KeyOf(held)));

        RefuseAll();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, async () => await _running.Client.Sessions.CreateSessionAsync(request), "changed its mind");
        GrantAll();

        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, async () => await _running.Client.CreateAsync("server"), "server");
        Assert.Equal(SessionStatus.SessionRevoked, await stream.StatusOfAsync(MasterClient.KeyOf(held)));
    }

    [Fact]
    public async Task A_late_copy_that_meets_what_another_copy_has_made_leaves_the_identity_with_its_holder()
    {
        using TemporaryDirectory directory = new();
        using HostElected first = new(directory.File("shared.db"), create: true);
        using HostElected second = new(directory.File("shared.db"), create: false);
        await first.LeadAsync(epoch: 1);
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim released = new();
        first.Hooks.OnSessionInitialize = (_, _) =>
        {
            entered.Set();
            released.Wait(Eventually.Patience);
        };
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server", TermMs);
        Task<Wire.CreateSessionReply> late = first.Client.Sessions.CreateSessionAsync(request).ResponseAsync;
        await Eventually.IsTrueAsync(() => entered.IsSet, "in the hook");

        await first.LeadNoMoreAsync();
        await second.LeadAsync(epoch: 2);
        await second.Client.Sessions.CreateSessionAsync(request);
        await second.LeadNoMoreAsync();
        await first.LeadAsync(epoch: 3);
        first.Hooks.OnSessionCreated = (_, _) => throw new InvalidOperationException("it has changed its mind");
        released.Set();
        await MasterClient.AssertRefusedAsync(SessionStatus.Refused, () => late, "changed its mind");

        first.Hooks.OnSessionCreated = (_, _) => { };
        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, async () => await first.Client.CreateAsync("server"), "server");
    }

    [Fact]
    public async Task A_create_that_is_refused_leaves_its_identity_free()
    {
        RefuseAll();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, async () => await _running.Client.CreateAsync("server"), "changed its mind");
        GrantAll();

        Assert.True((await _running.Client.CreateAsync("server")).Epoch > 0);
    }

    private void RefuseAll() =>
        _running.Hooks.OnSessionCreated = (_, _) => throw new InvalidOperationException("it has changed its mind");

    private void GrantAll() => _running.Hooks.OnSessionCreated = (_, _) => { };

    /// <summary>A master that leads when its host says so, on a store that others lead on too.</summary>
    private sealed class HostElected : IDisposable
    {
        internal HostElected(string path, bool create)
        {
            Hooks.OnCheckLeader = () => new LeaderAnswer(false);
            Master = SessionMaster.Start(
                new SessionMasterOptions
                {
                    Insecure = Insecure.Loopback,
                    ListenAddress = "127.0.0.1:0",
                    StorePath = path,
                    CreateStore = create,
                    MaxTermMs = TermMs,
                    Leadership = LeadershipSource.Host,
                },
                Hooks, NullLoggerFactory.Instance);
            Client = new MasterClient(Master.Port);
        }

        internal RecordingAccessManager Hooks { get; } = new();

        internal MasterClient Client { get; }

        private SessionMaster Master { get; }

        public void Dispose()
        {
            Client.Dispose();
            Master.Stop();
        }

        internal Task LeadAsync(ulong epoch) => SayAsync(new LeaderAnswer(true, null, epoch));

        internal Task LeadNoMoreAsync() => SayAsync(new LeaderAnswer(false));

        private async Task SayAsync(LeaderAnswer answer)
        {
            Hooks.OnCheckLeader = () => answer;
            await Eventually.IsTrueAsync(() => Master.Leads == answer.Leads, $"{answer}");
        }
    }
}
