using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <content>The lease for a .NET host: may it serve, when may it, and from when on may it not?</content>
public sealed partial class SessionFollower
{
    /// <summary>For callers that wait until there is a lease; in the gate.</summary>
    private TaskCompletionSource<SessionInfo>? _leaseComes;

    /// <summary>For callers that want to hear that the lease is over; in the gate.</summary>
    private CancellationTokenSource? _leaseGoes;

    /// <summary>
    /// May an effect begin under the session of this epoch? Asks no other thread and takes no lock: call IsLeaseValid before
    /// each effect, which must follow within δ (<see cref="FollowerManagerOptions.EffectDelayMs"/>). No later answer than this
    /// one counts.
    /// </summary>
    /// <param name="epoch">Of the session that the caller serves under.</param>
    public bool IsLeaseValid(ulong epoch) => _word.IsValid(epoch);

    /// <summary>
    /// Cancelled as soon as the lease of this epoch refuses: in JEOPARDY, when the session is lost, and by a close. A lease that
    /// comes back (<see cref="WaitForLeaseAsync"/>) has a new token. A token tells of what has happened, from another thread
    /// and a moment later: code that must not be late asks <see cref="IsLeaseValid"/>.
    /// </summary>
    /// <param name="epoch">Of the session that the caller serves under. For the epoch of another session the token is cancelled already.</param>
    [SuppressMessage(
        "Reliability", "CA2000", Justification = "Neither timer nor link nor wait handle is ever made: nothing to dispose of.")]
    public CancellationToken LeaseLost(ulong epoch)
    {
        lock (_gate)
        {
            return _life.WatchLease(epoch)
                ? (_leaseGoes ??= new CancellationTokenSource()).Token
                : new CancellationToken(canceled: true);
        }
    }

    /// <summary>
    /// Ends when the follower has a session whose lease is valid and whose callbacks of a create have run; at once if it has.
    /// This method asks for no session: that is what CreateSessionAsync, AddSessionFollower and <see cref="RecreatePolicy"/>
    /// do.
    /// </summary>
    /// <exception cref="SessionException">Cancelled: the follower is closed.</exception>
    public Task<SessionInfo> WaitForLeaseAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return LeaseComes(cancellationToken);
        }
        catch (SessionException closed)
        {
            return Task.FromException<SessionInfo>(closed);
        }
    }

    private Task<SessionInfo> LeaseComes(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_life.AwaitLease() is { } held)
            {
                return Task.FromResult(held);
            }

            _leaseComes ??= new TaskCompletionSource<SessionInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _leaseComes.Task.WaitAsync(cancellationToken);
        }
    }
}
