using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Interop.Sessions.Master;

/// <summary>
/// The rules of one create or re-attach, from CheckLeader to its answer: which hook is called, what is stored in which leadership,
/// and what becomes of a session that the host refuses.
/// </summary>
/// <remarks>
/// It has no clock, thread, lock or I/O. The caller does what <see cref="Step"/> says and tells how it went, by the input that is
/// named there or by <see cref="Fails"/>; one thing at a time.
/// </remarks>
public sealed class CreateFlow
{
    private readonly CreateHooks _hooks;
    private readonly ToldConnection _connection;
    private readonly IReadOnlyCollection<ulong> _abandoned = [];
    private readonly (ulong SessionId, UInt128 Secret)? _former;
    private ServerDescription _description;
    private Session? _session;

    private CreateFlow(ServerDescription description, ToldConnection connection, CreateHooks hooks)
    {
        _description = description;
        _connection = connection;
        _hooks = hooks;
        Step = Has(CreateHooks.CheckLeader) ? CreateStep.CheckLeader : CreateStep.Look;
    }

    /// <summary>A create.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="connection">The one that will hold it.</param>
    /// <param name="abandoned">Nonces of the caller's process whose sessions are no longer held.</param>
    /// <param name="hooks">Those that the host has.</param>
    public CreateFlow(
        ServerDescription description, ToldConnection connection, IReadOnlyCollection<ulong> abandoned, CreateHooks hooks = CreateHooks.All)
        : this(description, connection, hooks) => _abandoned = abandoned;

    /// <summary>A re-attach: a follower's process was restarted within its term.</summary>
    /// <param name="sessionId">Of the session.</param>
    /// <param name="identity">Of its server.</param>
    /// <param name="secret">Of the connection that held it.</param>
    /// <param name="connection">The new one.</param>
    /// <param name="hooks">Those that the host has.</param>
    public CreateFlow(
        ulong sessionId, string identity, UInt128 secret, ToldConnection connection, CreateHooks hooks = CreateHooks.All)
        : this(new ServerDescription { Identity = identity }, connection, hooks) => _former = (sessionId, secret);

    /// <summary>From where it was asked for, for people; empty: that is not known.</summary>
    public string Peer { get; init; } = "";

    /// <summary>What the flow waits for.</summary>
    public CreateStep Step { get; private set; }

    /// <summary>Whose.</summary>
    public string Identity => _description.Identity;

    /// <summary>What the server says of itself, as SessionInitialize has amended it.</summary>
    public ServerDescription Description => _description;

    /// <summary>With <see cref="CreateStep.Answer"/>, and from <see cref="CreateStep.Grant"/> on as it is stored.</summary>
    public GrantedAnswer? Answer { get; private set; }

    /// <summary>With <see cref="CreateStep.Refuse"/>.</summary>
    public SessionException? Refusal { get; private set; }

    /// <summary>As it is stored; null: not yet.</summary>
    public Session? Session => _session;

    /// <summary>
    /// The items that the session has by this create, for SessionCreated. A master that made the session for an earlier copy of
    /// the create may have been of a release that sets no items.
    /// </summary>
    public IReadOnlyList<Item> Brought =>
        Answer?.ItemsOfCreate == _description.Items.Count ? _description.Items : [];

    /// <summary>SessionCreated is to be called, and not only its earlier answer to be told again.</summary>
    public bool MustAskHost => _session is { Grant: null, Refusal: null };

    /// <summary>
    /// Is the hook that is called now never refused where too many wait? A session is stored by then, and would be left without a holder.
    /// </summary>
    public bool IsAdmitted => Step == CreateStep.Grant;

    /// <summary>Is what is done now done whether or not the caller still waits?</summary>
    public bool IsUnawaited => Step is CreateStep.Close or CreateStep.Revoke;

    /// <summary>Is it a re-attach?</summary>
    public bool IsReattach => _former != null;

    /// <summary>What was asked for is done, with nothing to tell.</summary>
    public void Goes() => Step = Step switch
    {
        CreateStep.CheckLeader => CreateStep.Look,
        CreateStep.Close or CreateStep.Revoke => CreateStep.Refuse,
        _ => throw new InvalidOperationException($"{Step} has something to tell"),
    };

    /// <summary>In the leadership that may act: what is next, as the table has it at this moment.</summary>
    /// <remarks>A first create is told so at once, and does not wait for a disk twice.</remarks>
    public void Look(SessionTable table, long nowNs)
    {
        Debug.Assert(Step == CreateStep.Look, "not now");
        Step = IsReattach ? CreateStep.Store
            : table.IsFree(Identity, nowNs) ? AfterFinding
            : CreateStep.Find;
    }

    /// <summary>In a batch of the writer; <see cref="Found"/> when that is durable.</summary>
    /// <exception cref="SessionException">IdentityInUse.</exception>
    public GrantedAnswer? Find(SessionTable table, long nowNs)
    {
        _session = table.FindCreated(Identity, _connection.Nonce, nowNs, _abandoned);
        if (_session == null)
        {
            return null;
        }

        _session.PeerAddress = Peer;
        return new GrantedAnswer(table, _session);
    }

    /// <summary>The outcome of the look: an earlier copy of this create has made the session, or nothing is in the way.</summary>
    public void Found(GrantedAnswer? found)
    {
        Debug.Assert(Step == CreateStep.Find, "not now");
        if (found == null)
        {
            Step = AfterFinding;
            return;
        }

        Stored(found);
    }

    /// <summary>SessionInitialize has returned.</summary>
    public void Amended(SessionAmendment amendment)
    {
        Debug.Assert(Step == CreateStep.Initialize, "not now");
        _description = _description with { TermMs = amendment.TermMs, Capabilities = amendment.Capabilities };
        Step = CreateStep.Store;
    }

    /// <summary>In a batch of the writer; <see cref="Stored"/> when that is durable.</summary>
    /// <exception cref="SessionException">As of the table.</exception>
    public GrantedAnswer Store(SessionTable table, long nowNs)
    {
        if (_former is { } former)
        {
            _session = table.Reattach(former.SessionId, Identity, former.Secret, _connection, nowNs);
            _session.PeerAddress = Peer;
            return new GrantedAnswer(table, _session);
        }

        ulong before = table.Revision;
        _session = table.Create(_description, _connection, nowNs, _abandoned);
        // A session that another copy of this create has made may be held.
        _session.IsUntold |= _session.Key.Epoch > before;
        _session.PeerAddress = Peer;
        return new GrantedAnswer(table, _session);
    }

    /// <summary>The session is durable.</summary>
    public void Stored(GrantedAnswer stored)
    {
        Answer = stored;
        Step = Has(CreateHooks.SessionCreated) ? CreateStep.Grant : Told(_session!.Grant ??= NewGrant());
    }

    /// <summary>What SessionCreated may fill.</summary>
    public SessionGrant NewGrant() => new() { Capabilities = _session!.Description.Capabilities };

    /// <summary>
    /// SessionCreated has granted the session. This is to be called in the turn of the identity's hooks: a repeated create
    /// waits there for the answer to the first, and gets the same answer.
    /// </summary>
    public void HostGrants(SessionGrant grant)
    {
        _session!.Grant = grant;
        _session.IsUntold = false;
    }

    /// <summary>SessionCreated has refused the session; told as <see cref="HostGrants"/>.</summary>
    public void HostRefuses(SessionException refusal) => _session!.Refusal = refusal;

    /// <summary>
    /// The host is being told of a session's end, in the turn of its identity's hooks: a create whose answer is still under way must not
    /// tell the host of a session that is gone.
    /// </summary>
    public static void EndIsTold(Session session) => session.Refusal ??= new SessionException(
        SessionStatus.TimedOut, $"session {session.Key.SessionId:x16} ended before its create was answered");

    /// <summary>The turn of SessionCreated is over: the host has answered, now or before.</summary>
    public void Granted()
    {
        Debug.Assert(Step == CreateStep.Grant, "not now");
        Step = _session!.Refusal is { } refusal ? End(new SessionException(refusal.Status, refusal.Message, refusal))
            : Told(_session.Grant!);
    }

    /// <summary>What was asked for has failed.</summary>
    public void Fails(SessionException failure) => Step = Step switch
    {
        // The session is stored, and a successor knows it.
        CreateStep.Grant when failure.Status is SessionStatus.Cancelled or SessionStatus.NotLeader =>
            Refused(new SessionException(failure.Status, failure.Message, failure) { IsOutcomeUnknown = true }),
        // The caller hears the refusal all the same; no follower renews the session, so it ends with its term.
        _ when IsUnawaited => CreateStep.Refuse,
        _ => Refused(failure),
    };

    private CreateStep AfterFinding => Has(CreateHooks.SessionInitialize) ? CreateStep.Initialize : CreateStep.Store;

    private bool Has(CreateHooks hook) => (_hooks & hook) != 0;

    private CreateStep Told(SessionGrant grant)
    {
        Answer = Answer! with { Capabilities = grant.Capabilities, ReportWindow = grant.ReportWindow };
        return CreateStep.Answer;
    }

    private CreateStep Refused(SessionException refusal)
    {
        Refusal = refusal;
        return CreateStep.Refuse;
    }

    /// <summary>
    /// A session that was made in this leadership, and that no caller was told of, is held by no follower: its identity is free
    /// at once. Any other session may be held, as this call may be a late copy, or of a process that comes after the holder:
    /// such a session ends as a revoked one does.
    /// </summary>
    private CreateStep End(SessionException refusal)
    {
        Refusal = refusal;
        return _session!.IsUntold ? CreateStep.Close : CreateStep.Revoke;
    }
}
