using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Automatic re-creation: only if the host wants it, always another epoch, LOST before CREATED.</summary>
public sealed class RecreateTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TestFollower _test;

    public RecreateTests() => _test = new TestFollower(
        new FollowerManagerOptions { Endpoints = [_master.Address] }, recreate: RecreatePolicy.AfterLoss);

    [Fact]
    public void A_lost_session_is_followed_by_another_once_the_loss_was_told()
    {
        SessionInfo first = _test.CreateAndRenew();

        _master.Master.RevokeSession(first.SessionId, first.Epoch, "maintenance");

        Eventually.IsTrue(() => _test.Follower.Session is { State: SessionState.Alive } session && session.Epoch > first.Epoch, "re-created");
        ulong epoch = _test.Follower.Session.Epoch;
        Eventually.IsTrue(() => _test.Told.Contains($"Alive {epoch}"), "told");
        Assert.Equal(
            [
                $"created {first.Epoch}", $"Alive {first.Epoch}", $"lost {first.Epoch} Revoked", $"created {epoch}",
                $"Alive {epoch}",
            ],
            _test.Told.Where(what => !what.StartsWith("Suspect", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_is_tried_until_a_master_grants_it()
    {
        SessionInfo first = _test.CreateAndRenew();
        int refused = 0;
        _master.Hooks.OnSessionInitialize = (_, _) =>
        {
            Interlocked.Increment(ref refused);
            throw new SessionException(SessionStatus.Refused, "not now");
        };
        _master.Master.RevokeSession(first.SessionId, first.Epoch, "maintenance");
        Eventually.IsTrue(() => Volatile.Read(ref refused) > 1, "refused twice");
        Assert.Equal(SessionState.Lost, _test.State);

        _master.Hooks.OnSessionInitialize = (_, _) => { };

        Eventually.IsTrue(() => _test.Follower.Session.Epoch > first.Epoch, "re-created");
    }

    [Fact]
    public void A_closed_follower_gets_no_session_again()
    {
        _test.Create();
        _test.Follower.Close();

        Assert.Empty(_master.Sessions);
        Assert.Equal(1, _test.Told.Count(what => what.StartsWith("created", StringComparison.Ordinal)));
    }

    [Fact]
    public void Many_revocations_in_a_row_keep_the_order_of_losses_and_creates()
    {
        _test.Create();
        for (int i = 0; i < 10; i++)
        {
            SessionInfo session = _test.Follower.Session;
            _master.Master.RevokeSession(session.SessionId, session.Epoch, "again");
            Eventually.IsTrue(
                () => _test.Follower.Session is { State: SessionState.Alive } next && next.Epoch > session.Epoch, "re-created");
        }

        string[] order = [.. _test.Told.Where(what => what.StartsWith("created", StringComparison.Ordinal) ||
            what.StartsWith("lost", StringComparison.Ordinal)).Select(what => string.Join(' ', what.Split(' ')[..2]))];
        string[] epochs = [.. order.Where(what => what.StartsWith("created", StringComparison.Ordinal)).Select(what => what.Split(' ')[1])];
        Assert.Equal(11, epochs.Length);
        Assert.Equal(epochs.SelectMany(epoch => new[] { $"created {epoch}", $"lost {epoch}" }).SkipLast(1), order);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }
}
