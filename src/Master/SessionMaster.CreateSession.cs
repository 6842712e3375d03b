using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <content>CreateSession: step 4 of the flow.</content>
public sealed partial class SessionMaster
{
    private const string CreateStep = "4/6 SessionMaster.CreateSession";

    /// <summary>CheckLeader, SessionInitialize, persist, SessionCreated, in this order.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="nonce">Of the connection that will hold it.</param>
    /// <param name="abandoned">Nonces of the caller's process whose sessions nobody holds.</param>
    /// <param name="awaited">Cancelled when the caller does not wait any more: what is not done by then is not done.</param>
    internal async Task<CreatedSession> CreateSessionAsync(
        ServerDescription description, ulong nonce, IReadOnlyCollection<ulong> abandoned, CancellationToken awaited)
    {
        try
        {
            Trace("CheckLeader", description.Identity);
            Tenure tenure = await CheckLeaderAsync(description.Identity, awaited).ConfigureAwait(false);
            StoredSession stored =
                await FindCreatedAsync(tenure, description.Identity, nonce, abandoned, awaited).ConfigureAwait(false)
                ?? await InitializeAsync(tenure, description, nonce, abandoned, awaited).ConfigureAwait(false);
            Trace("persisted", description.Identity);
            // Who made it for an earlier copy of this create may have been of a release that sets no items.
            bool hasItems = stored.ItemsOfCreate == description.Items.Count;
            CreatedSession created = await GrantAsync(stored, hasItems ? description.Items : [], awaited).ConfigureAwait(false);
            MasterLog.SessionGranted(
                _logger, $"{CreateStep}: granted", description.Identity, description.HostName, description.ProcessId, stored.Key.SessionId,
                stored.Key.Epoch, stored.TermMs);
            return created;
        }
        catch (SessionException refusal)
        {
            MasterLog.CreateRefused(_logger, _budgets, description.Identity, refusal.Status, refusal.Message);
            throw;
        }
    }

    private void Trace(string what, string identity) =>
        MasterLog.CreateStep(_logger, $"{CreateStep}: {what}", identity);

    private async Task<Tenure> CheckLeaderAsync(string identity, CancellationToken awaited)
    {
        await CallHookAsync(
            nameof(AccessManager.CheckLeader), identity,
            () =>
            {
                _host.Refresh();
                return true;
            },
            bytes: 0, awaited).ConfigureAwait(false);
        return RequireLeader();
    }

    private static Task<StoredSession?> FindCreatedAsync(
        Tenure tenure, string identity, ulong nonce, IReadOnlyCollection<ulong> abandoned, CancellationToken awaited) =>
        tenure.WriteAsync(
            table => table.FindCreated(identity, nonce, BootClock.NowNs, abandoned) is { } found
                ? new StoredSession(found, tenure)
                : null,
            awaited);

    private async Task<StoredSession> InitializeAsync(
        Tenure asking, ServerDescription description, ulong nonce, IReadOnlyCollection<ulong> abandoned, CancellationToken awaited)
    {
        Trace("SessionInitialize", description.Identity);
        SessionAmendment amendment = await CallHookAsync(
            nameof(AccessManager.SessionInitialize), description.Identity, () => Initialize(description), BytesOf(description.Items), awaited,
            asking.HookNumber).ConfigureAwait(false);
        // The hook may have taken its time, and another leadership may have begun meanwhile.
        Tenure tenure = RequireLeader();
        ServerDescription amended = description with { TermMs = amendment.TermMs, Capabilities = amendment.Capabilities };
        return await tenure.WriteAsync(
            table =>
            {
                ulong before = table.Revision;
                Session made = table.Create(amended, nonce, BootClock.NowNs, abandoned);
                // One that another copy of this create has made may be held.
                made.IsUntold |= made.Key.Epoch > before;
                return new StoredSession(made, tenure);
            },
            BytesOf(description.Items), awaited)
            .ConfigureAwait(false);
    }

    private SessionAmendment Initialize(ServerDescription description)
    {
        SessionAmendment amendment = new() { TermMs = description.TermMs, Capabilities = description.Capabilities };
        _accessManager.SessionInitialize(new SessionRequest(0, 0, description, description.TermMs), amendment);
        return amendment;
    }

    private static long BytesOf(IEnumerable<Item> items) => items.Sum(item => (long)item.Value.Length);

    /// <param name="stored">As it is stored.</param>
    /// <param name="brought">The items that it has by its create.</param>
    /// <param name="awaited">As of the create.</param>
    private async Task<CreatedSession> GrantAsync(
        StoredSession stored, IReadOnlyList<Item> brought, CancellationToken awaited)
    {
        Session session = stored.Session;
        try
        {
            SessionGrant grant = await CallHookAsync(
                nameof(AccessManager.SessionCreated), session.Description.Identity, () => Grant(stored, brought), BytesOf(brought), awaited,
                stored.Tenure.HookNumber).ConfigureAwait(false);
            Metrics.NoteGranted();
            return new CreatedSession(stored, grant);
        }
        catch (SessionException stopped) when (stopped.Status is SessionStatus.Cancelled or SessionStatus.NotLeader)
        {
            // The session is stored, and a successor knows it.
            throw new SessionException(stopped.Status, stopped.Message, stopped) { IsOutcomeUnknown = true };
        }
        finally
        {
            if (session.Refusal != null)
            {
                await EndRefusedAsync(stored).ConfigureAwait(false);
            }
        }
    }

    // On the identity's hook thread: a repeated create waits here for the answer to the first, and is told the same.
    private SessionGrant Grant(StoredSession stored, IReadOnlyList<Item> brought)
    {
        Session session = stored.Session;
        if (session.Grant == null && session.Refusal == null)
        {
            Trace("SessionCreated", session.Description.Identity);
            SessionGrant grant = new() { Capabilities = session.Description.Capabilities };
            try
            {
                SessionRequest request = stored.Tenure.Read(table => RequestOf(session, table.MasterEpoch));
                _accessManager.SessionCreated(
                    request with { Description = request.Description with { Items = brought } }, grant);
                session.Grant = grant;
                session.IsUntold = false;
            }
            catch (Exception error)
            {
                session.Refusal = RefusalOf(nameof(AccessManager.SessionCreated), session.Description.Identity, error);
            }
        }

        return session.Refusal is { } refusal ? throw new SessionException(refusal.Status, refusal.Message, refusal)
            : session.Grant!;
    }

    /// <summary>
    /// Nobody holds one that was made in this leadership and that nobody was told of: its identity is free at once. Any other may
    /// be held, as this call may be a late copy, or a process that comes after its holder: it ends as a revoked one does.
    /// </summary>
    private async Task EndRefusedAsync(StoredSession stored)
    {
        Session session = stored.Session;
        try
        {
            if (session.IsUntold)
            {
                await CloseSessionAsync(stored.Tenure, stored.Key).ConfigureAwait(false);
            }
            else
            {
                await RevokeSessionAsync(
                    stored.Tenure, stored.Key.SessionId, stored.Key.Epoch, "refused by the master's host", default).ConfigureAwait(false);
            }
        }
        catch (SessionException failure)
        {
            // The caller hears the refusal all the same; nobody renews the session, so it ends with its term.
            MasterLog.CloseFailed(_logger, session.Key.SessionId, session.Description.Identity, failure.Status, failure.Message);
        }
    }

    /// <summary>Runs a hook on its thread; what it throws refuses.</summary>
    private async Task<T> CallHookAsync<T>(
        string hook, string identity, Func<T> call, long bytes, CancellationToken awaited, ulong leadership = 0)
    {
        // A session that is stored by then would be left without a holder.
        bool isAdmitted = hook == nameof(AccessManager.SessionCreated);
        try
        {
            return await _hooks.RunAsync(identity, hook, call, bytes, isAdmitted, awaited, leadership).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not SessionException)
        {
            throw RefusalOf(hook, identity, error);
        }
    }

    private SessionException RefusalOf(string hook, string identity, Exception error)
    {
        if (error is SessionException refusal)
        {
            return refusal;
        }

        MasterLog.HookThrew(_logger, _budgets, hook, identity, error);
        SessionStatus status = hook == nameof(AccessManager.DataReport) ? SessionStatus.ReportRefused : SessionStatus.Refused;
        return new SessionException(status, $"the master's {hook} failed: {error.Message}", error);
    }
}

/// <summary>
/// A session as it was decided, in the table's lock: a re-attach that comes later changes its connection and its secret, which
/// are no business of whoever asked before.
/// </summary>
/// <param name="session">In the table.</param>
/// <param name="tenure">The leadership that promises it.</param>
internal sealed class StoredSession(Session session, Tenure tenure)
{
    internal Session Session => session;

    internal Tenure Tenure => tenure;

    internal SessionKey Key { get; } = session.Key;

    internal UInt128 Secret { get; } = session.Secret;

    internal uint TermMs { get; } = session.PromisedTermMs;

    internal int ItemsOfCreate { get; } = session.ItemsOfCreate;
}

/// <summary>What a create or re-attach is answered with.</summary>
/// <param name="Stored">As it is stored.</param>
/// <param name="Grant">What the host granted.</param>
internal sealed record CreatedSession(StoredSession Stored, SessionGrant Grant);
