using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>
/// All sessions of a master: the core that decides. The table has no clock, thread, lock or I/O; the caller passes the time in
/// and keeps calls from overlapping.
/// </summary>
/// <remarks>
/// Durable verbs (create, close, revoke, expire, set and remove item, assign and release) take effect here at once and add to
/// <see cref="Changes"/>. The caller commits those, then calls <see cref="Accept"/>, or <see cref="Undo"/> if the store failed,
/// and answers no caller before. Renewals touch memory only and are no part of a batch. Refusals are
/// <see cref="SessionException"/>s and change nothing.
/// </remarks>
public sealed partial class SessionTable
{
    private readonly SessionTableSettings _settings;
    private readonly Func<ulong> _randomId;
    private readonly Dictionary<ulong, Session> _byId = [];
    private readonly Dictionary<string, Session> _byIdentity = new(StringComparer.Ordinal);
    private readonly SortedSet<ulong> _idsInOrder = [];
    private readonly ExpiryWheel _wheel;
    private readonly EndedSessions _ended = new();
    private readonly QuotaCounts _quotas;
    private readonly long _loadedNs;

    /// <summary>Makes a table of what a store holds.</summary>
    /// <param name="settings">The bounds.</param>
    /// <param name="snapshot">The store's content.</param>
    /// <param name="randomId">Random numbers for session ids.</param>
    /// <param name="nowNs">
    /// Now. It is not stored when the last master renewed which session, so every session may live from here for the term that
    /// it was promised, except suspects: they were not renewed since they were marked.
    /// </param>
    public SessionTable(SessionTableSettings settings, StoreSnapshot snapshot, Func<ulong> randomId, long nowNs)
    {
        _settings = settings;
        _randomId = randomId;
        _quotas = new QuotaCounts(settings.Quotas);
        _wheel = new ExpiryWheel(nowNs);
        _endLog = new EndLog(settings.MaxEnds, settings.MaxEndBytes);
        _history = new WatchHistory(settings.MaxWatchChanges, settings.MaxWatchBytes, snapshot.Revision, snapshot.FormerRevision);
        _loadedNs = nowNs;
        MasterEpoch = snapshot.MasterEpoch;
        Revision = snapshot.Revision;
        _acceptedRevision = snapshot.Revision;
        _lengthened = new LengthenedTerm(snapshot.LengthenedTermMs);
        _past = new StorePast(snapshot, Math.Max(settings.MaxTermMs, snapshot.LengthenedTermMs));
        _past.Resume(nowNs);
        _lengthened.Resume(nowNs);
        Debug.Assert(snapshot.FormerRevision <= snapshot.Revision, "a store counts on, and not back");
        Load(snapshot, nowNs);
        // Of all sessions: in tables as tests have them.
        Debug.Assert(Count > 64 || !BrokenInvariants().Any(), "what a store gave makes no sound table", string.Join("; ", BrokenInvariants()));
    }

    /// <summary>The number of this leadership.</summary>
    public ulong MasterEpoch { get; }

    /// <summary>Counts durable changes; the epoch of a session is the revision that created it.</summary>
    public ulong Revision { get; private set; }

    /// <summary>How many sessions there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The session that holds an identity, or has it from the batch that is being made; for the simulator.</summary>
    internal Session? HolderOf(string identity) => _byIdentity.GetValueOrDefault(identity);

    /// <summary>The name of the server that holds a session.</summary>
    /// <exception cref="SessionException">The session's end, WrongEpoch or WrongNonce.</exception>
    public string IdentityOf(SessionKey key) => Require(key).Description.Identity;

    /// <summary>The name of the server that a session belongs to, whoever asks; null: there is no such session.</summary>
    public string? IdentityOf(ulong sessionId) => _byId.GetValueOrDefault(sessionId)?.Description.Identity;

    /// <summary>The same of a key, and whether it is the key of its holder.</summary>
    public (string Identity, bool IsHolders)? StandingOf(SessionKey key) =>
        _byId.TryGetValue(key.SessionId, out Session? session) ? (session.Description.Identity, session.Key == key) : null;

    /// <summary>Does a caller hold the session of its key?</summary>
    /// <exception cref="SessionException">The session's end, WrongEpoch or WrongNonce.</exception>
    public void RequireHeld(SessionKey key) => Require(key);

    /// <summary>The session of a key, or why there is none.</summary>
    private Session Require(SessionKey key)
    {
        SessionStatus status = Check(key, out Session? session);
        return status == SessionStatus.Ok ? session! : throw Refusal(status, key);
    }

    private SessionStatus Check(SessionKey key, out Session? session)
    {
        if (!_byId.TryGetValue(key.SessionId, out session))
        {
            _past.Hear(key, Revision);
            return StatusOfEnded(key.SessionId);
        }

        return session.Key.Epoch != key.Epoch ? SessionStatus.WrongEpoch
            : session.Key.Nonce != key.Nonce ? SessionStatus.WrongNonce
            : session.IsRevoked ? SessionStatus.SessionRevoked
            : session.IsCondemned ? SessionStatus.SessionExpired
            : SessionStatus.Ok;
    }

    private SessionException Refusal(SessionStatus status, SessionKey key) => new(status, status switch
    {
        SessionStatus.WrongEpoch => $"session {key.SessionId:x16} has another epoch than {key.Epoch}",
        SessionStatus.WrongNonce => $"session {key.SessionId:x16} is held by another connection, which took it up by its secret",
        SessionStatus.SessionExpired => $"session {key.SessionId:x16} of epoch {key.Epoch} expired{SuccessorOf(key)}",
        SessionStatus.SessionRevoked => $"session {key.SessionId:x16} of epoch {key.Epoch} was revoked{SuccessorOf(key)}",
        SessionStatus.SessionClosed => $"session {key.SessionId:x16} of epoch {key.Epoch} was closed{SuccessorOf(key)}",
        _ => $"session {key.SessionId:x16} is not known",
    });

    /// <summary>Which process has displaced a holder, for the person who asks why the session was lost.</summary>
    private string SuccessorOf(SessionKey key) =>
        _ended.IdentityOf(key.SessionId) is { } identity && _byIdentity.GetValueOrDefault(identity) is { } successor &&
            !_sessionsInBatch.Contains(successor.Key.SessionId)
            ? $"; '{identity}' is held by session {successor.Key.SessionId:x16} of epoch {successor.Key.Epoch} since, of host " +
                $"'{successor.Description.HostName}', process {successor.Description.ProcessId}"
            : "";

    private void Load(StoreSnapshot snapshot, long nowNs)
    {
        SnapshotRules rules = new(snapshot.Revision);
        foreach (StoreChange stored in snapshot.Content)
        {
            if (rules.FaultOf(stored) is { } fault)
            {
                throw new SessionException(SessionStatus.StoreFailed, $"the store holds what makes no sense: {fault}; {SnapshotRules.WayOut}");
            }

            switch (stored)
            {
                case StoreChange.PutSession put:
                    LoadSession(put, nowNs);
                    break;
                case StoreChange.PutItem put:
                    _byId[put.SessionId].Items.Load(new Item(put.Key, put.Value, put.Revision));
                    break;
                case StoreChange.PutAssignment put:
                    Enter((put.Kind, put.ObjectName), new Assignment(_byId[put.SessionId], Revision: 0, Asker: ""));
                    break;
                case StoreChange.PutWrites put when _byId[put.SessionId].Key.Nonce == put.Nonce:
                    _byId[put.SessionId].Writes = put.Log;
                    break;
                case StoreChange.PutEnd put:
                    _endLog.Load(put.End);
                    break;
                case StoreChange.PutDrain put:
                    LoadDrain(put.Drain);
                    break;
                case StoreChange.PutWrites:
                    // Of a former connection, whose copies are refused anyhow.
                    break;
                default:
                    throw new ArgumentException($"a store holds puts only, not {stored}", nameof(snapshot));
            }
        }
    }

    private void LoadSession(StoreChange.PutSession stored, long nowNs)
    {
        Session session = new(stored.Key, stored.Description, stored.TermMs, stored.SecretHash)
        {
            Unknown = stored.Unknown,
            IsRevoked = stored.IsRevoked,
            RevokeReason = stored.RevokeReason,
            SuspectMs = stored.SuspectMs,
        };
        Resume(session, nowNs);
        Insert(session);
    }

    private void Insert(Session session)
    {
        _byId.Add(session.Key.SessionId, session);
        _byIdentity.Add(session.Description.Identity, session);
        _idsInOrder.Add(session.Key.SessionId);
        AddServer(session);
        _wheel.Add(session);
        _quotas.Add(session);
    }

    private void Delete(Session session)
    {
        _byId.Remove(session.Key.SessionId);
        _byIdentity.Remove(session.Description.Identity);
        _idsInOrder.Remove(session.Key.SessionId);
        RemoveServer(session);
        ExpiryWheel.Remove(session);
        _quotas.Remove(session);
    }
}
