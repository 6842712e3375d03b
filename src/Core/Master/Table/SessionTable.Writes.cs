using System;

namespace Interop.Sessions.Master;

/// <content>Numbered writes: a copy of one is answered as the first was, and changes nothing.</content>
public sealed partial class SessionTable
{
    /// <summary>
    /// Something that is not stored, such as a data report, is asked for: refuses a copy for which no caller waits any more.
    /// </summary>
    /// <exception cref="SessionException">The session's end, WrongEpoch, WrongNonce, InvalidArgument or TimedOut.</exception>
    public void RequireAwaited(SessionKey key, WriteId write)
    {
        Session session = Require(key);
        session.Writes = Begin(session, write);
    }

    /// <summary>Makes a change once, however often it is asked for.</summary>
    private ulong Once(SessionKey key, WriteId write, Func<Session, ulong> change)
    {
        Session session = Require(key);
        if (write.Number == 0)
        {
            return change(session);
        }

        WriteLog former = session.Writes;
        session.Writes = Begin(session, write);
        _undo.Add(() => session.Writes = former);
        if (session.Writes.Find(write.Number) is { } answered)
        {
            return answered.Refused is { } refused
                ? throw new SessionException(refused.Status, refused.Message, refused)
                : answered.Revision;
        }

        try
        {
            return change(session);
        }
        catch (SessionException refusal)
        {
            session.Writes = session.Writes.With(new WriteAnswer(write.Number, 0, refusal));
            Record(Stored(session), () => { });
            throw;
        }
    }

    /// <summary>A change is being made: its answer is remembered, and stored with it.</summary>
    private static StoreChange.PutWrites? Note(Session session, WriteId write, ulong revision)
    {
        if (write.Number == 0)
        {
            return null;
        }

        session.Writes = session.Writes.With(new WriteAnswer(write.Number, revision));
        return Stored(session);
    }

    private static StoreChange.PutWrites Stored(Session session) =>
        new(session.Key.SessionId, session.Key.Nonce, session.Writes.Durable());

    private static WriteLog Begin(Session session, WriteId write)
    {
        if (write.Number != 0 && (write.FirstUnfinished > write.Number ||
            write.Number - write.FirstUnfinished >= Limits.MaxUnfinishedWrites))
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"write number {write.Number} with first_unfinished {write.FirstUnfinished}: " +
                $"it must be in the window of {Limits.MaxUnfinishedWrites} numbers that begins there");
        }

        WriteLog log = session.Writes.Finish(write.FirstUnfinished);
        return write.Number == 0 || write.Number >= log.FirstUnfinished ? log : throw new SessionException(
            SessionStatus.TimedOut,
            $"write {write.Number} is a late copy: its connection has finished with all below {log.FirstUnfinished}");
    }
}
