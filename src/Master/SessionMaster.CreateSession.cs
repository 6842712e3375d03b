using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <content>CreateSession: step 4 of the flow.</content>
public sealed partial class SessionMaster
{
    /// <summary>CheckLeader, SessionInitialize, persist, SessionCreated, in this order.</summary>
    internal async Task<CreatedSession> CreateSessionAsync(SessionItem item, ulong nonce)
    {
        try
        {
            Trace("CheckLeader", item.Identity);
            Tenure tenure = await CheckLeaderAsync(item.Identity).ConfigureAwait(false);
            Session session = await FindCreatedAsync(tenure, item.Identity, nonce).ConfigureAwait(false)
                ?? await InitializeAsync(item, nonce).ConfigureAwait(false);
            Trace("persisted", item.Identity);
            return await GrantAsync(tenure, session).ConfigureAwait(false);
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

    private async Task<Tenure> CheckLeaderAsync(string identity)
    {
        await CallHookAsync(
            nameof(AccessManager.CheckLeader), identity,
            () =>
            {
                _host.Refresh();
                return true;
            }).ConfigureAwait(false);
        return RequireLeader();
    }

    private static Task<Session?> FindCreatedAsync(Tenure tenure, string identity, ulong nonce) =>
        tenure.WriteAsync(table => table.FindCreated(identity, nonce, BootClock.NowNs));

    private async Task<Session> InitializeAsync(SessionItem item, ulong nonce)
    {
        Trace("SessionInitialize", item.Identity);
        SessionAmendment amendment = await CallHookAsync(
            nameof(AccessManager.SessionInitialize), item.Identity, () => Initialize(item)).ConfigureAwait(false);
        // The hook may have taken its time.
        Tenure tenure = RequireLeader();
        SessionItem amended = item with { TermMs = amendment.TermMs, Capabilities = amendment.Capabilities };
        return await tenure.WriteAsync(table => table.Create(amended, nonce, BootClock.NowNs)).ConfigureAwait(false);
    }

    private SessionAmendment Initialize(SessionItem item)
    {
        SessionAmendment amendment = new() { TermMs = item.TermMs, Capabilities = item.Capabilities };
        _accessManager.SessionInitialize(new SessionRequest(0, 0, item, item.TermMs), amendment);
        return amendment;
    }

    private async Task<CreatedSession> GrantAsync(Tenure tenure, Session session)
    {
        try
        {
            SessionGrant grant = await CallHookAsync(
                nameof(AccessManager.SessionCreated), session.Item.Identity, () => Grant(session)).ConfigureAwait(false);
            return new CreatedSession(session, grant, tenure.MasterEpoch);
        }
        finally
        {
            if (session.Refusal != null)
            {
                await CloseRefusedAsync(tenure, session).ConfigureAwait(false);
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

    private async Task CloseRefusedAsync(Tenure tenure, Session session)
    {
        try
        {
            await CloseSessionAsync(tenure, session.Key).ConfigureAwait(false);
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

/// <summary>What a create or re-attach is answered with.</summary>
/// <param name="Session">As it is stored.</param>
/// <param name="Grant">What the host granted.</param>
/// <param name="MasterEpoch">The leadership that promises it.</param>
internal sealed record CreatedSession(Session Session, SessionGrant Grant, ulong MasterEpoch);
