using System;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>What followers and operators ask.</content>
internal sealed partial class MasterProcess
{
    /// <summary>Of which of the store's leaderships a watch may be read here; null: of none.</summary>
    internal int? Watchable => Serves && !_leadership!.Path.IsOver && ShowsWhatIsStored(_leadership) ? _leadership.Number : null;

    /// <summary>Reads of its table what a watch is told next.</summary>
    internal T ReadWatched<T>(Func<SessionTable, T> read)
    {
        _leadership!.Path.TryLook(NowNs, _ => true, read, out T? seen);
        return seen!;
    }

    private void KeepAlive(FollowerProcess caller, PendingRenewal asked, Action<RenewalAnswer> reply)
    {
        long receivedNs = NowNs;
        long receivedTrueNs = World.Agenda.NowNs;
        SessionKey key = asked.Key;
        if (!Leads)
        {
            reply(new RenewalAnswer(key, 0, SessionStatus.NotLeader, 0));
            return;
        }

        caller.LeaderHears();
        SessionTable table = _leadership!.Table;
        ulong epoch = MasterEpoch;
        if (asked.IsInquiry)
        {
            Inquire(key, asked.IsGateClosed, reply);
            return;
        }

        KeepAliveVerdict verdict = table.KeepAlive(key, receivedNs, caller.Name);
        if (verdict.Status == SessionStatus.Ok)
        {
            World.Witness.Allowed(key, _leadership.Number);
        }

        if (!verdict.IsSuspect)
        {
            Answer(verdict.Status);
            return;
        }

        Clear(_leadership, key, Answer);

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

            AnsweredRenewal told = AnsweredRenewal.Of(key, verdict).Behind(verdict.IsSuspect ? status : SessionStatus.Ok);
            reply(new RenewalAnswer(key, epoch, status, told.TermMs, told.IntervalMs, table.LongestTermMs)
            {
                ClockRateBoundPpm = table.ClockRateBoundPpm,
                IsDraining = told.IsDraining,
                Text = told.Text,
            });
        }
    }

    /// <summary>How does it stand? Nothing is promised.</summary>
    private void Inquire(SessionKey key, bool isGateClosed, Action<RenewalAnswer> reply)
    {
        SessionTable table = _leadership!.Table;
        ulong epoch = MasterEpoch;
        uint longestTermMs = table.LongestTermMs;
        World.Witness.Counts.Inquiries++;
        SessionStatus status = table.Inquire(key, isGateClosed, out _);
        if (isGateClosed && status is SessionStatus.Ok or SessionStatus.SessionRevoked)
        {
            World.Witness.GateIsClosed(key.Epoch);
        }

        World.Note($"{Name}, leader {epoch}, says {status} of epoch {key.Epoch}");
        reply(new RenewalAnswer(key, epoch, status, 0, 0, longestTermMs) { ClockRateBoundPpm = table.ClockRateBoundPpm });
    }

    internal void UseItem(FollowerProcess caller, ItemCall call, ulong? compareRevision, Action<ItemReply, SessionException?> reply)
    {
        if (call.Verb == ItemVerb.Get)
        {
            Call(
                caller, table => table.GetItem(call.Holder, call.ItemKey), item => new ItemReply(item, 0), reply,
                table => table.IsSettled(call.Holder.SessionId));
        }
        else
        {
            Call(caller, Change, revision => new ItemReply(null, revision), reply);
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

    internal void FindObject(FollowerProcess caller, SessionKey key, string name, Action<ObjectReply, SessionException?> reply)
    {
        int number = _leadership?.Number ?? 0;
        Call(
            caller, table => table.FindAccessPoint(key, AccessPointKind.Nfs, name), found => new ObjectReply(found, number), reply,
            table => table.IsSettled(key, AccessPointKind.Nfs, name), mayChange: true);
    }

    internal void ReleaseObject(
        FollowerProcess caller, SessionKey key, string name, ReleasedAssignment released, Action<bool, SessionException?> reply) =>
        Call(
            caller,
            table =>
            {
                table.ReleaseAccessPoint(key, AccessPointKind.Nfs, name, released);
                return true;
            },
            isDone => isDone,
            reply);

    internal void Close(FollowerProcess caller, SessionKey key, Action<bool, SessionException?> reply) =>
        Call(
            caller,
            table =>
            {
                table.Close(key);
                return true;
            },
            isDone => isDone,
            reply);

    /// <summary>An operator's wish, if it leads.</summary>
    internal void Revoke(ulong sessionId, ulong epoch)
    {
        if (Leads)
        {
            World.Note($"{Name}: revoke epoch {epoch}");
            World.Witness.MayEnd(epoch);
            Write(
                _leadership!,
                table =>
                {
                    table.Revoke(sessionId, epoch);
                    return null;
                },
                (_, _) => { });
        }
    }

    /// <summary>The same: a server is to be taken out of service.</summary>
    internal void Drain(Drain drain) => Wish($"drain {drain.Identity}", table => table.Drain(drain));

    /// <summary>And back.</summary>
    internal void Undrain(string identity) => Wish($"undrain {identity}", table => table.Undrain(identity));

    private void Wish(string what, Action<SessionTable> wish)
    {
        if (Leads)
        {
            World.Note($"{Name}: {what}");
            Write(
                _leadership!,
                table =>
                {
                    wish(table);
                    return null;
                },
                (_, _) => { });
        }
    }

    /// <summary>A durable call, decided while it leads, answered when it is stored; a look at once, if that is settled.</summary>
    private void Call<T, TReply>(
        FollowerProcess caller, Func<SessionTable, T> decide, Func<T, TReply> convert, Action<TReply?, SessionException?> reply,
        Func<SessionTable, bool>? isSettled = null, bool mayChange = false)
    {
        if (!Leads)
        {
            SessionException another = DoesNotLead();
            Reply(caller, () => reply(default, another));
            return;
        }

        caller.LeaderHears();
        Write(_leadership!, table => decide(table), (result, refusal) =>
        {
            TReply? answer = refusal == null ? convert((T)result!) : default;
            Reply(caller, () => reply(answer, refusal));
        }, isSettled, mayChange);
    }

    private SessionException DoesNotLead() => new(SessionStatus.NotLeader, "another leads") { LeaderHint = Named() };

    private void Reply(FollowerProcess caller, Action arrival) => World.Network.Send(this, caller, arrival);
}

/// <summary>What a master answers to a call for an object.</summary>
/// <param name="Found">Where it is served.</param>
/// <param name="Leadership">The leadership that says so, as the store counts them.</param>
internal readonly record struct ObjectReply(AccessPoint Found, int Leadership);

/// <summary>What a master answers to a call for an item.</summary>
internal readonly record struct ItemReply(Item? Item, ulong Revision);
