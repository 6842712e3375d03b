using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Soak.Load;

/// <summary>
/// One of the product's followers: it counts in an item of its session, by comparing, and nobody else does. What is there is what was
/// acknowledged last, or what was left open since.
/// </summary>
internal sealed class Holder(FollowerManager manager, string identity, Random random, Tally tally)
{
    private const uint CallMs = 20_000;
    private const string Counter = "counter";
    private const int LongestPauseMs = 60;

    private long _count;
    private ulong _revision;

    /// <summary>Until it is told to end; each of its sessions is closed in the end.</summary>
    internal async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await using SessionFollower follower = manager.CreateFollower(identity, new Hearing(identity));
                SessionInfo session = await follower.CreateSessionAsync(timeoutMs: CallMs, cancellationToken: ending);
                (_count, _revision) = (0, 0);
                for (int i = random.Next(20, 200); i > 0 && !ending.IsCancellationRequested; i--)
                {
                    await StepAsync(follower, session.Epoch);
                    await Task.Delay(random.Next(1, LongestPauseMs), ending);
                }
            }
            catch (OperationCanceledException)
            {
                // Told to end.
            }
            catch (SessionException failure)
            {
                tally.NoteFailure(failure.Status);
            }
        }
    }

    private async Task StepAsync(SessionFollower follower, ulong epoch)
    {
        switch (random.Next(10))
        {
            case 0:
                await CompareAsync(follower, epoch);
                break;
            case 1:
                await TryAsync(() => follower.ApplyItemsAsync(
                    epoch, [ItemChange.Set("a", BitConverter.GetBytes(_count)), ItemChange.Set("b", new byte[random.Next(1, 4000)])], CallMs));
                break;
            case 2:
                await TryAsync(() => follower.ListItemsAsync(epoch, timeoutMs: CallMs));
                break;
            case 3:
                await TryAsync(() => follower.ListSessionsAsync(epoch, timeoutMs: CallMs));
                break;
            default:
                await CountAsync(follower, epoch);
                break;
        }
    }

    private async Task CountAsync(SessionFollower follower, ulong epoch)
    {
        try
        {
            _revision = await follower.SetItemAsync(epoch, Counter, BitConverter.GetBytes(_count + 1), _revision, CallMs);
            _count++;
            tally.NoteAcknowledged();
        }
        catch (SessionException failure) when (failure.Status is SessionStatus.TimedOut or SessionStatus.NoMaster)
        {
            tally.NoteFailure(failure.Status);
            await SettleAsync(follower, epoch);
        }
        catch (SessionException failure) when (failure.Status == SessionStatus.RevisionMismatch)
        {
            Tally.NoteFinding($"{identity}: {_count} of revision {_revision} was acknowledged, and is not what is there: {failure.Message}");
            throw;
        }
    }

    /// <summary>What was left open is one or the other.</summary>
    private async Task SettleAsync(SessionFollower follower, ulong epoch)
    {
        (long count, ulong revision) = await ReadAsync(follower, epoch);
        if (count == _count + 1 && revision > _revision)
        {
            (_count, _revision) = (count, revision);
        }
        else
        {
            Require(count, revision);
        }
    }

    private async Task CompareAsync(SessionFollower follower, ulong epoch)
    {
        (long count, ulong revision) = await ReadAsync(follower, epoch);
        Require(count, revision);
        tally.NoteCompared();
    }

    private void Require(long count, ulong revision)
    {
        if (count != _count || revision != _revision)
        {
            Tally.NoteFinding(string.Create(
                CultureInfo.InvariantCulture,
                $"{identity}: {_count} of revision {_revision} was acknowledged, and there is {count} of revision {revision}"));
        }
    }

    private static async Task<(long Count, ulong Revision)> ReadAsync(SessionFollower follower, ulong epoch)
    {
        try
        {
            Item item = await follower.GetItemAsync(epoch, Counter, CallMs);
            return (BitConverter.ToInt64(item.Value.Span), item.Revision);
        }
        catch (SessionException failure) when (failure.Status == SessionStatus.ItemNotFound)
        {
            return (0, 0);
        }
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            tally.NoteAcknowledged();
        }
        catch (SessionException failure) when (failure.Status is SessionStatus.TimedOut or SessionStatus.NoMaster or SessionStatus.Overloaded)
        {
            tally.NoteFailure(failure.Status);
        }
    }

    private sealed class Hearing(string identity) : FollowerCallbacks
    {
        public override void SessionLost(SessionInfo session)
        {
            if (session.EndReason != SessionEndReason.Closed)
            {
                Tally.NoteFinding($"{identity} is told LOST({session.EndReason}), whose process lives and is well");
            }
        }
    }
}
