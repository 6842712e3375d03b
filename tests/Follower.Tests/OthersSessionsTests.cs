using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower asks for the sessions of other servers and for their items.</summary>
public sealed class OthersSessionsTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    public void Dispose() => _master.Dispose();

    [Fact]
    public async Task Any_follower_with_a_session_lists_finds_and_reads_those_of_others()
    {
        using TestFollower asker = new(_master.Address);
        using TestFollower other = new(
            new FollowerManagerOptions { Endpoints = [_master.Address] }, identity: "disk-1");
        ulong epoch = asker.Create().Epoch;
        SessionInfo held = await other.Follower.CreateSessionAsync(
            new ServerDescription { Endpoints = [new Endpoint(AccessPointKind.Nfs, "disk-1:2049")] });
        await other.Follower.SetItemAsync(held.Epoch, "rack", "r1"u8.ToArray());
        await other.Follower.SetItemAsync(held.Epoch, "zone", "z1"u8.ToArray());

        SessionPage all = await asker.Follower.ListSessionsAsync(epoch);
        SessionRow row = Assert.Single((await asker.Follower.ListSessionsAsync(epoch, "disk-")).Rows);
        SessionRow found = await asker.Follower.FindSessionAsync(epoch, "disk-1");
        SessionRow atMaster = _master.Master.FindSession("disk-1");

        Assert.Equal([TestFollower.Identity, "disk-1"], all.Rows.Select(each => each.Description.Identity).Order());
        Assert.Equal(0UL, all.NextSessionId);
        SessionRow expected = atMaster with { DeadlineNs = 0, CreatedNs = 0, RenewedNs = 0 };
        Assert.Equal(expected, row with { DeadlineNs = 0 });
        Assert.Equal(expected, found with { DeadlineNs = 0 });
        // One machine, one clock: before the master's, which a renewal may have moved on since.
        Assert.InRange(found.DeadlineNs, BootClock.NowNs - (RunningMaster.TermMs * 1_000_000L), atMaster.DeadlineNs);
        Assert.Equal("rack", Assert.Single(await asker.Follower.ListSessionItemsAsync(epoch, held.SessionId, "r")).Key);
    }

    [Fact]
    public async Task Pages_are_gone_through_by_their_next_session_id()
    {
        using TestFollower asker = new(_master.Address);
        ulong epoch = asker.Create().Epoch;
        for (int i = 0; i < 4; i++)
        {
            await asker.Manager.CreateFollower($"other-{i}").CreateSessionAsync(TestFollower.Description);
        }

        SessionPage first = await asker.Follower.ListSessionsAsync(epoch, "other-", limit: 3);
        SessionPage last = await asker.Follower.ListSessionsAsync(epoch, "other-", first.NextSessionId, limit: 3);

        Assert.Equal((3, 1, 0UL), (first.Rows.Count, last.Rows.Count, last.NextSessionId));
        Assert.Equal(4, first.Rows.Concat(last.Rows).Select(row => row.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task Who_has_no_session_or_another_one_than_is_meant_is_refused_and_what_is_not_there_is_named()
    {
        using TestFollower asker = new(_master.Address);
        await RefusedAsync(SessionStatus.NoSession, () => asker.Follower.ListSessionsAsync(1));
        ulong epoch = asker.Create().Epoch;
        await RefusedAsync(SessionStatus.WrongEpoch, () => asker.Follower.FindSessionAsync(epoch + 1, TestFollower.Identity));
        await RefusedAsync(SessionStatus.UnknownSession, () => asker.Follower.FindSessionAsync(epoch, "nobody"));
        await RefusedAsync(SessionStatus.UnknownSession, () => asker.Follower.ListSessionItemsAsync(epoch, 1));
        await RefusedAsync(
            SessionStatus.InvalidArgument, () => asker.Follower.ListSessionsAsync(epoch, limit: Limits.MaxSessionsPerPage + 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => asker.Follower.ListSessionsAsync(epoch, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(SessionState.Alive, asker.State);
    }

    [Fact]
    public async Task A_master_of_an_older_release_answers_unsupported_and_the_session_lives_on()
    {
        using FormerMaster.Real real = new(_master.Address);
        using OtherServer former = new(
            routes => routes.MapGrpcService<FormerMaster>(), services => services.AddSingleton(real));
        using TestFollower test = new(former.Address);
        ulong epoch = test.CreateAndRenew().Epoch;

        await RefusedAsync(SessionStatus.Unsupported, () => test.Follower.ListSessionsAsync(epoch, timeoutMs: 60_000));
        await RefusedAsync(SessionStatus.Unsupported, () => test.Follower.FindSessionAsync(epoch, "other", timeoutMs: 60_000));
        await RefusedAsync(SessionStatus.Unsupported, () => test.Follower.ListSessionItemsAsync(epoch, 1, timeoutMs: 60_000));
        test.BecomesRenewed();
    }

    private static async Task RefusedAsync(SessionStatus expected, Func<Task> call)
    {
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(call);
        Assert.True(expected == refusal.Status, $"expected {expected}, got {refusal.Status}: {refusal.Message}");
    }
}
