using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>CreateSession: step 4 of the flow. <see cref="CreateFlow"/> decides; this calls the host and the writer.</content>
internal sealed partial class SessionVerbs
{
    private const string CreateStepName = "4/6 SessionMaster.CreateSession";

    /// <summary>CheckLeader, SessionInitialize, persist, SessionCreated, in this order.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="connection">The one that will hold it.</param>
    /// <param name="abandoned">Nonces of the caller's process whose sessions are no longer held.</param>
    /// <param name="peer">Where the caller asks from.</param>
    /// <param name="awaited">Cancelled when the caller no longer waits: what is not done by then is not done.</param>
    internal async Task<GrantedAnswer> CreateSessionAsync(
        ServerDescription description, ToldConnection connection, IReadOnlyCollection<ulong> abandoned, string peer, CancellationToken awaited)
    {
        CreateFlow flow = new(description, connection, abandoned, accessManager.CreateHooks) { Peer = peer };
        try
        {
            GrantedAnswer granted = await RunAsync(flow, awaited).ConfigureAwait(false);
            MasterLog.SessionGranted(
                logger, $"{CreateStepName}: granted", description.Identity, description.HostName, description.ProcessId,
                granted.Key.SessionId, granted.Key.Epoch, granted.TermMs);
            return granted;
        }
        catch (SessionException refusal)
        {
            MasterLog.CreateRefused(logger, _budgets, description.Identity, refusal.Status, refusal.Message);
            throw;
        }
    }

    private async Task<GrantedAnswer> RunAsync(CreateFlow flow, CancellationToken awaited)
    {
        Tenure? tenure = null;
        while (true)
        {
            switch (flow.Step)
            {
                case CreateStep.Answer:
                    metrics.NoteGranted();
                    return flow.Answer!;
                case CreateStep.Refuse:
                    throw flow.Refusal!;
                default:
                    break;
            }

            try
            {
                tenure = await StepAsync(flow, tenure, awaited).ConfigureAwait(false);
            }
            catch (SessionException failure)
            {
                NoteIfNotEnded(flow, failure);
                flow.Fails(failure);
            }
        }
    }

    /// <summary>What the flow waits for; the leadership in which it goes on.</summary>
    private async Task<Tenure?> StepAsync(CreateFlow flow, Tenure? tenure, CancellationToken awaited)
    {
        switch (flow.Step)
        {
            case CreateStep.CheckLeader:
                Trace(nameof(AccessManager.CheckLeader), flow.Identity);
                await CallHookAsync(nameof(AccessManager.CheckLeader), flow.Identity, AskLeader, bytes: 0, awaited, isAdmitted: flow.IsAdmitted)
                    .ConfigureAwait(false);
                flow.Goes();
                return null;
            case CreateStep.Look:
                Tenure looking = RequireLeader();
                looking.Look(table =>
                {
                    flow.Look(table, time.NowNs);
                    return true;
                });
                return looking;
            case CreateStep.Find:
                flow.Found(await tenure!.WriteAsync(table => flow.Find(table, time.NowNs), awaited).ConfigureAwait(false));
                return tenure;
            case CreateStep.Initialize:
                Trace(nameof(AccessManager.SessionInitialize), flow.Identity);
                flow.Amended(await CallHookAsync(
                    nameof(AccessManager.SessionInitialize), flow.Identity, () => Initialize(flow.Description),
                    BytesOf(flow.Description.Items), awaited, tenure!.HookNumber, flow.IsAdmitted).ConfigureAwait(false));
                return tenure;
            case CreateStep.Store:
                // A hook may have taken its time, and another leadership may have begun meanwhile.
                Tenure storing = RequireLeader();
                GrantedAnswer stored = await storing.WriteAsync(
                    table => flow.Store(table, time.NowNs), BytesOf(flow.Description.Items), awaited).ConfigureAwait(false);
                flow.Stored(stored);
                Trace("persisted", flow.Identity);
                if (flow.IsReattach)
                {
                    MasterLog.SessionReattached(logger, flow.Identity, stored.Key.SessionId, stored.Key.Epoch);
                }

                return storing;
            case CreateStep.Grant:
                await CallHookAsync(
                    nameof(AccessManager.SessionCreated), flow.Identity, () => AskHost(flow, tenure!), BytesOf(flow.Brought), awaited,
                    tenure!.HookNumber, flow.IsAdmitted).ConfigureAwait(false);
                flow.Granted();
                return tenure;
            case CreateStep.Close:
                await CloseSessionAsync(tenure!, flow.Answer!.Key).ConfigureAwait(false);
                flow.Goes();
                return tenure;
            default:
                SessionKey key = flow.Answer!.Key;
                await RevokeSessionAsync(tenure!, key.SessionId, key.Epoch, "refused by the master's host", default).ConfigureAwait(false);
                flow.Goes();
                return tenure;
        }
    }

    private void Trace(string what, string identity) => MasterLog.CreateStep(logger, $"{CreateStepName}: {what}", identity);

    private bool AskLeader()
    {
        host.Refresh();
        return true;
    }

    private SessionAmendment Initialize(ServerDescription description)
    {
        SessionAmendment amendment = new() { TermMs = description.TermMs, Capabilities = description.Capabilities };
        accessManager.SessionInitialize(new SessionRequest(0, 0, description, description.TermMs), amendment);
        return amendment;
    }

    private static long BytesOf(IEnumerable<Item> items) => items.Sum(item => (long)item.Value.Length);

    // On the identity's hook thread.
    private bool AskHost(CreateFlow flow, Tenure tenure)
    {
        if (!flow.MustAskHost)
        {
            return false;
        }

        Trace(nameof(AccessManager.SessionCreated), flow.Identity);
        SessionGrant grant = flow.NewGrant();
        try
        {
            SessionRequest request = tenure.Read(table => RequestOf(flow.Session!, table.MasterEpoch));
            accessManager.SessionCreated(request with { Description = request.Description with { Items = flow.Brought } }, grant);
            flow.HostGrants(grant);
        }
        catch (Exception error)
        {
            NoteIfThrown(nameof(AccessManager.SessionCreated), flow.Identity, error);
            flow.HostRefuses(HookWays.RefusalOf(nameof(AccessManager.SessionCreated), error));
        }

        return true;
    }

    private void NoteIfNotEnded(CreateFlow flow, SessionException failure)
    {
        if (flow.IsUnawaited)
        {
            MasterLog.CloseFailed(logger, flow.Answer!.Key.SessionId, flow.Identity, failure.Status, failure.Message);
        }
    }

    /// <summary>Runs a hook on its thread; what it throws refuses.</summary>
    private async Task<T> CallHookAsync<T>(
        string hook, string identity, Func<T> call, long bytes, CancellationToken awaited, ulong leadership = 0, bool isAdmitted = false,
        SessionStatus status = SessionStatus.Refused)
    {
        try
        {
            return await hooks.RunAsync(identity, hook, call, bytes, isAdmitted, awaited, leadership).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not SessionException)
        {
            NoteIfThrown(hook, identity, error);
            throw HookWays.RefusalOf(hook, error, status);
        }
    }

    private void NoteIfThrown(string hook, string identity, Exception error)
    {
        if (error is not SessionException)
        {
            MasterLog.HookThrew(logger, _budgets, hook, identity, error);
        }
    }
}
