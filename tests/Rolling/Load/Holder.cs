using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Rolling.Load;

/// <summary>
/// One of the product's followers: it takes up the session that its process had before, or creates one, and counts in an item of it,
/// by comparing. Nobody else does: what is there is what was acknowledged, or what was left open when the process was killed.
/// </summary>
internal sealed class Holder : IDisposable
{
    private const uint CallMs = 20_000;
    private const string Counter = "counter";
    private const int LeastPauseMs = 400;
    private const int MostPauseMs = 900;

    private readonly string _identity;
    private readonly Ledger _ledger;
    private readonly Tally _tally;
    private readonly SessionFollower _follower;
    private ulong _revision;

    internal Holder(FollowerManager manager, string identity, string ledger, Tally tally)
    {
        _identity = identity;
        _ledger = new Ledger(ledger);
        _tally = tally;
        _follower = manager.CreateFollower(identity, new Hearing(identity));
    }

    /// <summary>Its session at this moment.</summary>
    internal SessionInfo Session => _follower.Session;

    /// <summary>When its lease was prolonged last; 0: not yet.</summary>
    internal long RenewedNs => _follower.Statistics.LastRenewedNs;

    /// <summary>Gets its session; once it has one, it counts on from where the former process was.</summary>
    internal async Task BeginAsync()
    {
        ulong former = _ledger.Epoch;
        SessionInfo session = former == 0
            ? await _follower.CreateSessionAsync(timeoutMs: CallMs)
            : await _follower.ReattachSessionAsync(_ledger.SessionId, _ledger.Secret, CallMs);
        _ledger.Keep(session);
        if (former == 0)
        {
            return;
        }

        if (session.Epoch != former)
        {
            Tally.NoteFinding($"{_identity} re-attached epoch {former} and has {session.Epoch}");
        }

        (long count, _revision) = await ReadAsync();
        if (count < _ledger.Acknowledged || count > _ledger.Attempted)
        {
            Tally.NoteFinding($"{_identity}: {_ledger.Acknowledged} was acknowledged, {_ledger.Attempted} attempted, and {count} is there");
        }

        _ledger.Acknowledged = count;
    }

    /// <summary>May its data path begin an effect?</summary>
    internal bool MayServe() => _follower.IsLeaseValid(_ledger.Epoch);

    /// <summary>Counts until it is told to end.</summary>
    internal async Task CountAsync(CancellationToken ending)
    {
        try
        {
            while (!ending.IsCancellationRequested)
            {
                long next = _ledger.Acknowledged + 1;
                _ledger.Attempted = next;
                _revision = await _follower.SetItemAsync(
                    _ledger.Epoch, Counter, BitConverter.GetBytes(next), _revision, CallMs, CancellationToken.None);
                _ledger.Acknowledged = next;
                _tally.NoteAcknowledged();
                await Task.Delay(Random.Shared.Next(LeastPauseMs, MostPauseMs), CancellationToken.None);
            }
        }
        catch (SessionException failure)
        {
            Tally.NoteFinding($"{_identity}: a change of an item ended {failure.Status}: {failure.Message}");
        }
    }

    /// <summary>Is there what was acknowledged?</summary>
    internal async Task CheckAsync()
    {
        (long count, ulong revision) = await ReadAsync();
        if (count != _ledger.Acknowledged || revision != _revision || _follower.Session.Epoch != _ledger.Epoch)
        {
            Tally.NoteFinding(
                $"{_identity}: {_ledger.Acknowledged} of revision {_revision} under epoch {_ledger.Epoch} was acknowledged, and there is " +
                $"{count} of revision {revision} under epoch {_follower.Session.Epoch}");
        }
    }

    public void Dispose() => _ledger.Dispose();

    private async Task<(long Count, ulong Revision)> ReadAsync()
    {
        try
        {
            Item item = await _follower.GetItemAsync(_ledger.Epoch, Counter, CallMs);
            return (BitConverter.ToInt64(item.Value.Span), item.Revision);
        }
        catch (SessionException failure) when (failure.Status == SessionStatus.ItemNotFound)
        {
            return (0, 0);
        }
    }

    private sealed class Hearing(string identity) : FollowerCallbacks
    {
        public override void SessionLost(SessionInfo session)
        {
            if (session.EndReason != SessionEndReason.Closed)
            {
                Tally.NoteFinding($"{identity} is told LOST: {session.EndText}");
            }
        }

        public override void StateChanged(SessionInfo session)
        {
            if (session.State is SessionState.Suspect or SessionState.Jeopardy)
            {
                Console.WriteLine($"TOLD {identity} {session.State}");
            }
        }
    }
}
