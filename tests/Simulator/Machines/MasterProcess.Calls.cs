using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>What followers and operators ask.</content>
internal sealed partial class MasterProcess
{
    internal void Create(
        FollowerProcess caller, ServerDescription description, ulong nonce, IReadOnlyList<ulong> abandoned,
        Action<GrantedSession?, SessionStatus> reply) =>
        Grant(caller, table => Create(table, description, nonce, abandoned), reply);

    private Session Create(SessionTable table, ServerDescription description, ulong nonce, IReadOnlyList<ulong> abandoned)
    {
        try
        {
            return table.Create(description, nonce, NowNs, abandoned);
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.IdentityInUse)
        {
            World.Witness.RefusesIdentity(table, description.Identity, abandoned);
            throw;
        }
    }

    internal void Reattach(
        FollowerProcess caller, ulong sessionId, UInt128 secret, ulong nonce, Action<GrantedSession?, SessionStatus> reply) =>
        Grant(caller, table => table.Reattach(sessionId, caller.Identity, secret, nonce, NowNs), reply);

    internal void KeepAlive(FollowerProcess caller, SessionKey key, Asking asking, Action<RenewalAnswer> reply)
    {
        long receivedNs = NowNs;
        long receivedTrueNs = World.Agenda.NowNs;
        if (!Leads)
        {
            Reply(caller, () => reply(new RenewalAnswer(key, 0, SessionStatus.NotLeader, 0)));
            return;
        }

        SessionTable table = _leadership!.Table;
        ulong epoch = MasterEpoch;
        if (asking == Asking.Inquiry)
        {
            Inquire(caller, key, reply);
            return;
        }

        KeepAliveVerdict verdict = table.KeepAlive(key, receivedNs);
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
            decided =>
            {
                decided.ClearSuspect(key);
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
                key, epoch, status, verdict.TermMs, Math.Max(1, verdict.TermMs / Limits.RenewalsPerTerm), table.LongestTermMs)));
        }
    }

    /// <summary>How does it stand? Nothing is promised.</summary>
    private void Inquire(FollowerProcess caller, SessionKey key, Action<RenewalAnswer> reply)
    {
        SessionTable table = _leadership!.Table;
        ulong epoch = MasterEpoch;
        uint longestTermMs = table.LongestTermMs;
        World.Witness.Counts.Inquiries++;
        SessionStatus status = table.Inquire(key);
        World.Note($"{Name}, leader {epoch}, says {status} of epoch {key.Epoch}");
        Reply(caller, () => reply(new RenewalAnswer(key, epoch, status, 0, 0, longestTermMs)));
    }

    internal void UseItem(
        FollowerProcess caller, ItemCall call, ulong? compareRevision, Action<Item?, ulong, SessionStatus> reply)
    {
        if (call.Verb == ItemVerb.Get)
        {
            Call(
                caller, table => table.GetItem(call.Holder, call.ItemKey), item => item,
                (item, status) => reply(item, 0, status), table => table.IsSettled(call.Holder.SessionId));
        }
        else
        {
            Call(caller, Change, revision => revision, (revision, status) => reply(null, revision, status));
        }

        ulong Change(SessionTable table) => call.With is { } with
            ? table.ApplyItems(
                call.Holder,
                [
                    ItemChange.Set(with.ItemKey, BitConverter.GetBytes(with.Id)),
                    ItemChange.Set(call.ItemKey, BitConverter.GetBytes(call.Id), compareRevision),
                ],
                call.Write)
            : call.Verb == ItemVerb.Set
            ? table.SetItem(call.Holder, call.ItemKey, BitConverter.GetBytes(call.Id), compareRevision, call.Write)
            : table.RemoveItem(call.Holder, call.ItemKey, compareRevision, call.Write);
    }

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
        ulong epoch = MasterEpoch;
        long receivedTrueNs = World.Agenda.NowNs;
        Call<Session, GrantedSession>(
            caller,
            table => decide(table),
            session =>
            {
                World.Witness.Renewed(session.Key, epoch, receivedTrueNs, session.PromisedTermMs);
                return Granted(session, epoch, World.Conditions.MaxTermMs);
            },
            reply);
    }

    private static GrantedSession Granted(Session session, ulong epoch, uint longestTermMs)
    {
        uint intervalMs = session.PromisedTermMs / Limits.RenewalsPerTerm;
        return new GrantedSession
        {
            Key = session.Key,
            Secret = session.Secret,
            MasterEpoch = epoch,
            LongestTermMs = longestTermMs,
            TermMs = session.PromisedTermMs,
            RenewalIntervalMs = intervalMs,
            RenewalPhaseMs = (uint)(session.Key.SessionId % intervalMs),
        };
    }

    /// <summary>A durable call, decided while it leads, answered when it is stored; a look at once, if that is settled.</summary>
    private void Call<T, TReply>(
        FollowerProcess caller, Func<SessionTable, T> decide, Func<T, TReply> convert, Action<TReply?, SessionStatus> reply,
        Func<SessionTable, bool>? isSettled = null)
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
        }, isSettled);
    }

    private void Reply(FollowerProcess caller, Action arrival) => World.Network.Send(this, caller, arrival);
}
