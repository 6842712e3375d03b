using System;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>What followers and operators ask.</content>
internal sealed partial class MasterProcess
{
    internal void Create(
        FollowerProcess caller, SessionItem item, ulong nonce, Action<GrantedSession?, SessionStatus> reply) =>
        Grant(caller, table => table.Create(item, nonce, NowNs), reply);

    internal void Reattach(
        FollowerProcess caller, ulong sessionId, UInt128 secret, ulong nonce, Action<GrantedSession?, SessionStatus> reply) =>
        Grant(caller, table => table.Reattach(sessionId, caller.Identity, secret, nonce, NowNs), reply);

    internal void KeepAlive(FollowerProcess caller, SessionKey key, Action<RenewalAnswer> reply)
    {
        long receivedNs = NowNs;
        long receivedTrueNs = World.Agenda.NowNs;
        if (!Leads)
        {
            Reply(caller, () => reply(new RenewalAnswer(key, 0, SessionStatus.NotLeader, 0)));
            return;
        }

        ulong epoch = _masterEpoch;
        KeepAliveVerdict verdict = _table!.KeepAlive(key, receivedNs);
        if (verdict.Status == SessionStatus.Ok)
        {
            World.Witness.Allowed(key);
        }

        if (!verdict.IsSuspect)
        {
            Answer(verdict.Status);
            return;
        }

        Write(
            table =>
            {
                table.ClearSuspect(key);
                return null;
            },
            (_, status) => Answer(status));

        void Answer(SessionStatus status)
        {
            if (status != SessionStatus.Ok)
            {
                World.Note($"{Name}, leader {epoch}, answers {status} to the renewal of epoch {key.Epoch}");
            }
            else
            {
                World.Witness.Renewed(key, epoch, receivedTrueNs, verdict.TermMs);
            }

            Reply(caller, () => reply(new RenewalAnswer(
                key, epoch, status, verdict.TermMs, Math.Max(1, verdict.TermMs / Limits.RenewalsPerTerm))));
        }
    }

    internal void SetItem(
        FollowerProcess caller, SessionKey key, string itemKey, byte[] value, Action<ulong, SessionStatus> reply) =>
        Call(caller, table => table.SetItem(key, itemKey, value, null), revision => revision, reply);

    internal void Close(FollowerProcess caller, SessionKey key, Action<SessionStatus> reply) =>
        Call(
            caller,
            table =>
            {
                table.Close(key);
                return true;
            },
            isDone => isDone,
            (_, status) => reply(status));

    /// <summary>An operator's wish, if it leads.</summary>
    internal void Revoke(ulong sessionId, ulong epoch)
    {
        if (Leads)
        {
            World.Note($"{Name}: revoke epoch {epoch}");
            World.Witness.MayEnd(epoch);
            Write(
                table =>
                {
                    table.Revoke(sessionId, epoch);
                    return null;
                },
                (_, _) => { });
        }
    }

    private void Grant(
        FollowerProcess caller, Func<SessionTable, Session> decide, Action<GrantedSession?, SessionStatus> reply)
    {
        ulong epoch = _masterEpoch;
        long receivedTrueNs = World.Agenda.NowNs;
        Call<Session, GrantedSession>(
            caller,
            table => decide(table),
            session =>
            {
                World.Witness.Renewed(session.Key, epoch, receivedTrueNs, session.PromisedTermMs);
                return Granted(session, epoch);
            },
            reply);
    }

    private static GrantedSession Granted(Session session, ulong epoch)
    {
        uint intervalMs = session.PromisedTermMs / Limits.RenewalsPerTerm;
        return new GrantedSession
        {
            Key = session.Key,
            Secret = session.Secret,
            MasterEpoch = epoch,
            TermMs = session.PromisedTermMs,
            RenewalIntervalMs = intervalMs,
            RenewalPhaseMs = (uint)(session.Key.SessionId % intervalMs),
        };
    }

    /// <summary>A durable call, decided while it leads, answered when it is stored.</summary>
    private void Call<T, TReply>(
        FollowerProcess caller, Func<SessionTable, T> decide, Func<T, TReply> convert, Action<TReply?, SessionStatus> reply)
    {
        if (!Leads)
        {
            Reply(caller, () => reply(default, SessionStatus.NotLeader));
            return;
        }

        Write(table => decide(table), (result, status) =>
        {
            TReply? answer = status == SessionStatus.Ok ? convert((T)result!) : default;
            Reply(caller, () => reply(answer, status));
        });
    }

    private void Reply(FollowerProcess caller, Action arrival) => World.Network.Send(this, caller, arrival);
}
