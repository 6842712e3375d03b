using System;

namespace Interop.Sessions.Master;

/// <content>The ends of a day. Each is a part of the change that removes its session, so that neither is stored without the other.</content>
public sealed partial class SessionTable
{
    private readonly EndLog _endLog;
    private long _notedNs;
    private long _notedUnixMs;

    /// <summary>
    /// What the clocks say, for what is decided next: records of ends have it for people. No lease is counted by it, as the wall clock is
    /// set back and forth.
    /// </summary>
    public void NoteTime(long nowNs, long unixMs) => (_notedNs, _notedUnixMs) = (nowNs, unixMs);

    /// <summary>A page of the ends that are kept, as durable.</summary>
    /// <exception cref="SessionException">InvalidArgument: the limit.</exception>
    public EndPage ListEnds(EndQuery asked) => _endLog.List(asked, _acceptedRevision);

    private SessionEnd RecordOf(Session session, SessionEndReason reason, string text)
    {
        bool isHeard = session.RenewedNs != 0;
        return new SessionEnd
        {
            Revision = ++Revision,
            SessionId = session.Key.SessionId,
            Epoch = session.Key.Epoch,
            Identity = session.Description.Identity,
            HostName = session.Description.HostName,
            ProcessId = session.Description.ProcessId,
            PeerAddress = session.PeerAddress,
            Reason = reason,
            Text = text.Length == 0 ? reason.Text() : text,
            EndedUnixMs = Math.Max(_notedUnixMs, 0),
            SilentMs = Ns.ToMs(Math.Max(_notedNs - (isHeard ? session.RenewedNs : _loadedNs), 0)),
            IsHeard = isHeard,
            IsGateClosed = session.IsGateClosed,
        };
    }

    /// <summary>What is a day old, or has no room any more, goes in the transaction that brings a new one.</summary>
    private void TrimEnds()
    {
        for (int taken = 0; _endLog.TakeOldest(_notedUnixMs, taken) is { } oldest; taken++)
        {
            Record(new StoreChange.RemoveEnd(oldest.Revision), _endLog.PutBack);
        }
    }
}
