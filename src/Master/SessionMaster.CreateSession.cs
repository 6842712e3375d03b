using System;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <content>CreateSession: step 4 of the flow.</content>
public sealed partial class SessionMaster
{
    /// <summary>CheckLeader, SessionInitialize, persist, SessionCreated, in this order.</summary>
    internal async Task<(Session Session, SessionGrant Grant)> CreateSessionAsync(SessionItem item, ulong nonce)
    {
        try
        {
            Trace("CheckLeader", item.Identity);
            await CallHookAsync(nameof(AccessManager.CheckLeader), item.Identity, _leadership.Refresh)
                .ConfigureAwait(false);
            RequireLeader();
            Session session = await FindCreatedAsync(item.Identity, nonce).ConfigureAwait(false)
                ?? await InitializeAsync(item, nonce).ConfigureAwait(false);
            Trace("persisted", item.Identity);
            return (session, await GrantAsync(session).ConfigureAwait(false));
        }
        catch (SessionException refusal)
        {
            // A follower that waits for an old lease, or for a leader, asks many times a second.
            LogLevel level = refusal.Status is SessionStatus.IdentityInUse or SessionStatus.NotLeader
                ? LogLevel.Debug
                : LogLevel.Warning;
            MasterLog.CreateRefused(_logger, level, item.Identity, refusal.Status, refusal.Message);
            throw;
        }
    }

    private void Trace(string what, string identity) =>
        MasterLog.CreateStep(_logger, $"4/6 SessionMaster.CreateSession: {what}", identity);

    private Task<Session?> FindCreatedAsync(string identity, ulong nonce) =>
        _commits.WriteAsync(table => table.FindCreated(identity, nonce, BootClock.NowNs));

    private async Task<Session> InitializeAsync(SessionItem item, ulong nonce)
    {
        Trace("SessionInitialize", item.Identity);
        SessionAmendment amendment = await CallHookAsync(
            nameof(AccessManager.SessionInitialize), item.Identity, () => Initialize(item)).ConfigureAwait(false);
        // The hook may have taken its time.
        RequireLeader();
        SessionItem amended = item with { TermMs = amendment.TermMs, Capabilities = amendment.Capabilities };
        return await _commits.WriteAsync(table => table.Create(amended, nonce, BootClock.NowNs)).ConfigureAwait(false);
    }

    private SessionAmendment Initialize(SessionItem item)
    {
        SessionAmendment amendment = new() { TermMs = item.TermMs, Capabilities = item.Capabilities };
        _accessManager.SessionInitialize(new SessionRequest(0, 0, item, item.TermMs), amendment);
        return amendment;
    }

    private async Task<SessionGrant> GrantAsync(Session session)
    {
        try
        {
            return await CallHookAsync(
                nameof(AccessManager.SessionCreated), session.Item.Identity, () => Grant(session)).ConfigureAwait(false);
        }
        finally
        {
            if (session.Refusal != null)
            {
                await CloseRefusedAsync(session).ConfigureAwait(false);
            }
        }
    }

    // On the identity's hook thread: a repeated create waits here for the answer to the first, and is told the same.
    private SessionGrant Grant(Session session)
    {
        if (session.Grant == null && session.Refusal == null)
        {
            Trace("SessionCreated", session.Item.Identity);
            SessionGrant grant = new() { Capabilities = session.Item.Capabilities };
            try
            {
                _accessManager.SessionCreated(RequestOf(session), grant);
                session.Grant = grant;
            }
            catch (Exception error)
            {
                session.Refusal = RefusalOf(nameof(AccessManager.SessionCreated), session.Item.Identity, error);
            }
        }

        return session.Refusal is { } refusal ? throw new SessionException(refusal.Status, refusal.Message, refusal)
            : session.Grant!;
    }

    private async Task CloseRefusedAsync(Session session)
    {
        try
        {
            await CloseSessionAsync(session.Key).ConfigureAwait(false);
        }
        catch (SessionException failure)
        {
            // The caller hears the refusal all the same; nobody renews the session, so it ends with its term.
            MasterLog.CloseFailed(_logger, session.Key.SessionId, session.Item.Identity, failure.Status, failure.Message);
        }
    }

    /// <summary>Runs a hook on its thread; what it throws refuses.</summary>
    private async Task<T> CallHookAsync<T>(string hook, string identity, Func<T> call)
    {
        try
        {
            return await _hooks.RunAsync(identity, call).ConfigureAwait(false);
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

        MasterLog.HookThrew(_logger, hook, identity, error);
        SessionStatus status = hook == nameof(AccessManager.DataReport) ? SessionStatus.ReportRefused : SessionStatus.Refused;
        return new SessionException(status, $"the master's {hook} failed: {error.Message}", error);
    }
}
