using System;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Before every verb: who asks, and may it? <see cref="AccessRules"/> decides, and the host's Authorize about what the rules allow.
/// </summary>
internal sealed class RightsDoor(RightsInForce rights, SessionVerbs verbs, ILogger logger) : Interceptor
{
    /// <summary>Whoever balances loads asks for it, and has no name.</summary>
    private const string HealthPrefix = "/grpc.health.v1.Health/";

    private readonly LogBudgets _budgets = new();

    /// <summary>What decides now.</summary>
    internal RightsSight Sight => rights.Sight;

    /// <summary>Is the host asked, too? That takes its time.</summary>
    internal bool AsksHost => rights.Host != null;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (context.Method.StartsWith(HealthPrefix, StringComparison.Ordinal))
        {
            return await continuation(request, context).ConfigureAwait(true);
        }

        RightsSight sight = Sight;
        Caller caller = CallerOf(context, sight);
        RequireRate(sight, caller, RequestKind.Of(context.Method).Class);
        // On the threads for calls again, where the verb shall run.
        await RequireAllAsync(sight, caller, context.Method, (IMessage)request).ConfigureAwait(true);
        TResponse reply = await continuation(request, context).ConfigureAwait(true);
        switch (reply)
        {
            case ListSessionsReply list:
                Hide(list.Sessions, row => row.Description.Identity, caller, sight);
                break;
            case ListEndsReply list:
                Hide(list.Ends, row => row.Identity, caller, sight);
                break;
            case ListDrainsReply list:
                Hide(list.Drains, row => row.Identity, caller, sight);
                break;
            case ListAccessPointsReply list:
                Hide(list.AccessPoints, row => row.Identity, caller, sight);
                break;
            default:
                break;
        }

        return reply;
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RightsSight sight = Sight;
        Caller caller = CallerOf(context, sight);
        // It begins as a list does, and costs as much.
        RequireRate(sight, caller, CallClass.List);
        await RequireAllAsync(sight, caller, context.Method, (IMessage)request).ConfigureAwait(true);
        WatchRights rights = new(this, (IMessage)request, caller, sight, (IServerStreamWriter<WatchReply>)responseStream, context);
        context.UserState[typeof(WatchRights)] = rights;
        await continuation(request, (IServerStreamWriter<TResponse>)(object)rights, context).ConfigureAwait(true);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        // Of such calls only renewals are there, and these name their sessions one by one.
        context.UserState[typeof(StreamRights)] = new StreamRights(this, verbs, context);
        await continuation(requestStream, responseStream, context).ConfigureAwait(false);
    }

    /// <summary>Who makes a call, as far as it has been shown.</summary>
    /// <exception cref="SessionException">Unauthenticated: what it shows is worth nothing.</exception>
    internal Caller CallerOf(ServerCallContext context, RightsSight sight)
    {
        try
        {
            ClientConnection connection = context.GetHttpContext().Features.GetRequiredFeature<ClientConnection>();
            return connection.User is { } user ? Caller.OfUser(user)
                : connection.CertifiedName is { } certified ? Caller.Named(certified, CallerProof.Certificate)
                : BearerOnTheWire.Of(context.RequestHeaders) is not { } token ? Caller.Nameless
                : sight.Tokens.NameOf(token) is { } name ? Caller.Named(name, CallerProof.Token)
                : throw new SessionException(SessionStatus.Unauthenticated, "the caller has sent a token that this master does not know");
        }
        catch (SessionException unknown)
        {
            throw Deny("a caller who is not known", null, new AccessDenial(unknown.Status, AccessDenial.NoRule, unknown.Message));
        }
    }

    /// <summary>Why a caller may not, as the rules have it; null: it may, or the host alone says so.</summary>
    internal static AccessDenial? DenialOf(RightsSight sight, Caller caller, Right right, string? identity) =>
        sight.Rules?.DenialOf(caller, right, identity);

    /// <summary>Why a caller may not, as the host has it; null: it may, or the host is not asked.</summary>
    /// <exception cref="SessionException">The host has not answered.</exception>
    internal async Task<AccessDenial?> AskHostAsync(Caller caller, Right right, string? identity, bool isRenewal = false)
    {
        if (rights.Host is not { } host)
        {
            return null;
        }

        Verdict answer = await host.AskAsync(new AccessRequest(caller, right, identity), isRenewal).ConfigureAwait(false);
        return !answer.IsRefusal ? null : new AccessDenial(
            caller.Name == null ? SessionStatus.Unauthenticated : SessionStatus.PermissionDenied, "the host's Authorize",
            $"{caller} may not {right.Say(identity)}: {(answer.Reason.Length == 0 ? "the master's host denies it" : answer.Reason)}");
    }

    /// <summary>
    /// Counts and tells of a denial. A master that does not lead denies nothing and names the leader, whose files may be newer.
    /// </summary>
    /// <returns>What the caller is told.</returns>
    internal SessionException Deny(string caller, Right? right, AccessDenial denial)
    {
        SessionException told = verbs.InsteadOf(denial.ToException());
        if (told.Status == denial.Status)
        {
            verbs.Metrics.NoteDenied(right, denial.Status);
            MasterLog.Denied(logger, _budgets, caller, denial);
        }

        return told;
    }

    /// <summary>May a caller do what it asks for?</summary>
    /// <exception cref="SessionException">PermissionDenied or Unauthenticated; NotLeader.</exception>
    internal async Task RequireAllAsync(RightsSight sight, Caller caller, string method, IMessage request)
    {
        foreach (RightNeeded needed in VerbRights.Of(method) ?? throw Unlisted(caller, method))
        {
            await RequireAsync(sight, caller, needed, request).ConfigureAwait(false);
        }
    }

    // Before the question whether it may: that costs something, too.
    private void RequireRate(RightsSight sight, Caller caller, CallClass call)
    {
        if (sight.Rates.Begin(caller, call, verbs.Time.NowNs) is { } tooOften)
        {
            throw verbs.InsteadOf(tooOften);
        }
    }

    private async Task RequireAsync(RightsSight sight, Caller caller, RightNeeded needed, IMessage request)
    {
        RightSubject subject = needed.SubjectOf(request);
        Right right = needed.RightOf(request);
        // Null: there is no such session, and the verb says so to whoever has the right to anything.
        string? identity = subject.SessionId is { } session ? verbs.IdentityOf(session) : subject.Identity;
        AccessDenial? denial = DenialOf(sight, caller, right, subject.IsList ? null : identity)
            ?? (AsksHost ? await AskHostAsync(caller, right, identity).ConfigureAwait(false) : null);
        if (denial != null)
        {
            throw Deny(caller.ToString(), right, denial);
        }
    }

    private SessionException Unlisted(Caller caller, string method) => Deny(
        caller.ToString(), null, new AccessDenial(SessionStatus.PermissionDenied, AccessDenial.NoRule, $"no rule gives the right to {method}"));

    /// <summary>A list shows what its caller may read; a page may have fewer rows than others, or none, and be followed by more.</summary>
    private static void Hide<T>(RepeatedField<T> rows, Func<T, string> identityOf, Caller caller, RightsSight sight) =>
        rows.RemoveAll(row => DenialOf(sight, caller, Right.Read, identityOf(row)) != null);
}
