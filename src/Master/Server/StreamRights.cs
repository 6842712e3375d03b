using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf.Collections;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;
using WireKey = Interop.Sessions.Protocol.V1.SessionKey;
using WireStatus = Interop.Sessions.Protocol.V1.Status;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// What one keep-alive stream may renew: each session is asked for when the stream names it first, and again when rules or tokens have
/// changed. A session that is denied is answered so, and its lease runs on to its end: a mistake in the rules that is mended by then
/// costs nobody a session.
/// </summary>
internal sealed class StreamRights
{
    private readonly RightsDoor _door;
    private readonly SessionVerbs _verbs;
    private readonly ServerCallContext _context;
    private readonly HashSet<ulong> _allowed = [];
    private readonly HashSet<ulong> _asked = [];
    private RightsSight _sight;
    private Caller _caller;

    /// <exception cref="SessionException">The caller may hold nothing at all.</exception>
    internal StreamRights(RightsDoor door, SessionVerbs verbs, ServerCallContext context)
    {
        _door = door;
        _verbs = verbs;
        _context = context;
        _sight = door.Sight;
        _caller = Require();
    }

    /// <summary>Of a stream; null: every caller may do everything.</summary>
    internal static StreamRights? Of(ServerCallContext context) =>
        context.UserState.TryGetValue(typeof(StreamRights), out object? rights) ? (StreamRights)rights : null;

    /// <summary>Is nothing left to be asked about a message? So it is of nearly every one.</summary>
    /// <exception cref="SessionException">Rules or tokens have changed, and the caller may hold nothing at all any more.</exception>
    internal bool AllowAll(KeepAliveRequest request)
    {
        if (_door.Sight is var now && now.Version != _sight.Version)
        {
            lock (_allowed)
            {
                _sight = now;
                _allowed.Clear();
            }

            _caller = Require();
        }

        lock (_allowed)
        {
            return AllowAll(request.Renewals) && AllowAll(request.Inquiries);
        }
    }

    /// <summary>Takes what must be asked about out of a message.</summary>
    internal KeepAliveRequest TakeUnasked(KeepAliveRequest request)
    {
        // Of sessions that are named beside it: what is said of others counts for nothing.
        KeepAliveRequest unasked = new() { BatchId = request.BatchId, GateClosed = { request.GateClosed } };
        lock (_allowed)
        {
            Take(request.Renewals, key => !_allowed.Contains(key.SessionId), unasked.Renewals);
            Take(request.Inquiries, key => !_allowed.Contains(key.SessionId), unasked.Inquiries);
        }

        return unasked;
    }

    /// <summary>Asks about a message. What is denied is taken out of it, with its answers.</summary>
    /// <returns>The answers of what is denied; what the host has not answered has none, and is asked for again.</returns>
    internal async Task<IReadOnlyList<Renewal>> DenyAsync(KeepAliveRequest unasked, long nowNs)
    {
        WireKey[] keys = [.. unasked.Renewals.Concat(unasked.Inquiries)];
        IReadOnlyList<(string Identity, bool IsHolders)?>? standings = _verbs.StandingsOf([.. keys.Select(WireInput.Key)], nowNs);
        if (standings == null)
        {
            unasked.Renewals.Clear();
            unasked.Inquiries.Clear();
            return [.. keys.Select(key => Answer(key, SessionStatus.NotLeader))];
        }

        (Caller caller, RightsSight sight) = (_caller, _sight);
        List<Renewal> denied = [];
        List<Task<(WireKey Key, SessionStatus Status)>> asking = [];
        foreach ((WireKey key, (string Identity, bool IsHolders)? standing) in keys.Zip(standings))
        {
            if (standing is not { Identity: var identity, IsHolders: var isHolders })
            {
                // There is no such session: the verb says what became of it.
                continue;
            }

            if (RightsDoor.DenialOf(sight, caller, Right.Hold, identity) is { } denial)
            {
                denied.Add(Answer(key, Told(caller, denial)));
            }
            else if (!isHolders)
            {
                // The verb says so, and nobody troubles the host with sessions that others hold.
                continue;
            }
            else if (!_door.AsksHost)
            {
                Allow(key, sight);
            }
            else if (Begin(key))
            {
                asking.Add(AskHostAsync(key, caller, sight, identity));
            }
            else
            {
                denied.Add(Answer(key, SessionStatus.TimedOut));
            }
        }

        foreach ((WireKey key, SessionStatus status) in await Task.WhenAll(asking).ConfigureAwait(false))
        {
            if (status != SessionStatus.Ok)
            {
                denied.Add(Answer(key, status));
            }
        }

        HashSet<ulong> answered = [.. denied.Select(answer => answer.SessionId)];
        unasked.Renewals.RemoveAll(key => answered.Contains(key.SessionId));
        unasked.Inquiries.RemoveAll(key => answered.Contains(key.SessionId));
        denied.RemoveAll(answer => answer.Status == WireStatus.TimedOut);
        return denied;
    }

    /// <summary>What has ended is forgotten.</summary>
    internal void NoteEnds(KeepAliveReply reply)
    {
        lock (_allowed)
        {
            foreach (Renewal answer in reply.Renewals)
            {
                if (answer.Status is not (WireStatus.Ok or WireStatus.NotLeader))
                {
                    _allowed.Remove(answer.SessionId);
                }
            }
        }
    }

    private static Renewal Answer(WireKey key, SessionStatus status) =>
        new() { SessionId = key.SessionId, Epoch = key.Epoch, Nonce = key.Nonce, Status = (WireStatus)status };

    private static void Take(RepeatedField<WireKey> keys, Func<WireKey, bool> which, RepeatedField<WireKey> taken)
    {
        taken.AddRange(keys.Where(which));
        keys.RemoveAll(which);
    }

    private bool AllowAll(RepeatedField<WireKey> keys)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            if (!_allowed.Contains(keys[i].SessionId))
            {
                return false;
            }
        }

        return true;
    }

    private Caller Require()
    {
        Caller caller = _door.CallerOf(_context, _sight);
        return RightsDoor.DenialOf(_sight, caller, Right.Hold, null) is { } denial
            ? throw _door.Deny(caller.ToString(), Right.Hold, denial)
            : caller;
    }

    private SessionStatus Told(Caller caller, AccessDenial denial) => _door.Deny(caller.ToString(), Right.Hold, denial).Status;

    private bool Begin(WireKey key)
    {
        lock (_allowed)
        {
            return _asked.Add(key.SessionId);
        }
    }

    private void Allow(WireKey key, RightsSight sight)
    {
        lock (_allowed)
        {
            // What was allowed by former rules says nothing of these.
            if (sight.Version == _sight.Version)
            {
                _allowed.Add(key.SessionId);
            }
        }
    }

    private async Task<(WireKey Key, SessionStatus Status)> AskHostAsync(WireKey key, Caller caller, RightsSight sight, string identity)
    {
        try
        {
            if (await _door.AskHostAsync(caller, Right.Hold, identity, isRenewal: true).ConfigureAwait(false) is { } denial)
            {
                return (key, Told(caller, denial));
            }

            Allow(key, sight);
            return (key, SessionStatus.Ok);
        }
        catch (SessionException)
        {
            return (key, SessionStatus.TimedOut);
        }
        finally
        {
            lock (_allowed)
            {
                _asked.Remove(key.SessionId);
            }
        }
    }
}
