namespace Interop.Sessions.Follower;

/// <content>
/// That the session's identity is drained, as the leadership says whose answers the lease believes. Nothing of the lease depends on it.
/// </content>
public sealed partial class SessionLife
{
    /// <summary>Why; null: it is not.</summary>
    private string? _drainReason;

    private void NoteDrain(SessionLease lease, RenewalAnswer answer)
    {
        if (!IsHeld || answer.Key != lease.Key || answer.Status != SessionStatus.Ok || answer.TermMs == 0 ||
            answer.MasterEpoch != lease.MasterEpoch)
        {
            return;
        }

        // A reply that tells many has no room for the text of each.
        string? reason = !answer.IsDraining ? null : answer.Text.Length > 0 ? answer.Text : _drainReason ?? "";
        if (reason == _drainReason)
        {
            return;
        }

        _drainReason = reason;
        SessionInfo info = Info with { State = lease.State };
        _news.Add(new LifeNews.Drained(info));
        if (_callbacks.AddState(info))
        {
            _news.Add(LifeNews.CallbackWaits.One);
        }
    }
}
