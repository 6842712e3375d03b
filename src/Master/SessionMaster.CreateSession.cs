using System;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

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
            MasterLog.CreateRefused(_logger, item.Identity, refusal.Status, refusal.Message);
            throw;
        }
    }

    private void Trace(string what, string identity) =>
        MasterLog.CreateStep(_logger, $"4/6 SessionMaster.CreateSession: {what}", identity);

    private Task<Session?> FindCreatedAsync(string identity, ulong nonce) =>
        _commits.ReadAsync(table => table.FindCreated(identity, nonce, BootClock.NowNs));

    private async Task<Session> InitializeAsync(SessionItem item, ulong nonce)
    {
        SessionAmendment amendment = new() { TermMs = item.TermMs, Capabilities = item.Capabilities };
        Trace("SessionInitialize", item.Identity);
        await CallHookAsync(
            nameof(AccessManager.SessionInitialize), item.Identity,
            () => _accessManager.SessionInitialize(new SessionRequest(0, 0, item, item.TermMs), amendment))
            .ConfigureAwait(false);
        SessionItem amended = item with { TermMs = amendment.TermMs, Capabilities = amendment.Capabilities };
        return await _commits.WriteAsync(table => table.Create(amended, nonce, BootClock.NowNs)).ConfigureAwait(false);
    }

    private async Task<SessionGrant> GrantAsync(Session session)
    {
        if (_grants.TryGetValue(session.Key.SessionId, out SessionGrant? granted))
        {
            return granted;
        }

        SessionGrant grant = new() { Capabilities = session.Item.Capabilities };
        Trace("SessionCreated", session.Item.Identity);
        try
        {
            await CallHookAsync(
                nameof(AccessManager.SessionCreated), session.Item.Identity,
                () => _accessManager.SessionCreated(RequestOf(session), grant)).ConfigureAwait(false);
        }
        catch (SessionException)
        {
            await CloseSessionAsync(session.Key).ConfigureAwait(false);
            throw;
        }

        return _grants.GetOrAdd(session.Key.SessionId, grant);
    }

    /// <summary>Runs a hook on its thread; what it throws refuses, with its reason if it is a SessionException.</summary>
    private async Task CallHookAsync(string hook, string identity, Action call)
    {
        try
        {
            await _hooks.RunAsync(identity, () =>
            {
                call();
                return true;
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not SessionException)
        {
            MasterLog.HookThrew(_logger, hook, identity, error);
            throw new SessionException(SessionStatus.Refused, $"the master's {hook} failed: {error.Message}", error);
        }
    }
}
