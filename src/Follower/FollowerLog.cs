using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <summary>Every log event of the follower side; docs/operations.md lists them.</summary>
internal static partial class FollowerLog
{
    [LoggerMessage(2001, LogLevel.Information, "step {Step}: identity {Identity}")]
    internal static partial void CreateStep(ILogger logger, string step, string identity);

    [LoggerMessage(2002, LogLevel.Information, "session {SessionId} of {Identity} is {State}, epoch {Epoch}")]
    internal static partial void StateChanged(
        ILogger logger, string identity, LoggedSession sessionId, ulong epoch, LoggedName state);

    [LoggerMessage(EventId = 2003, Message = "session {SessionId} of {Identity} is lost: {Reason}, epoch {Epoch}")]
    internal static partial void SessionLost(
        ILogger logger, LogLevel level, string identity, LoggedSession sessionId, ulong epoch, LoggedName reason);

    [LoggerMessage(2004, LogLevel.Warning, "create of {Identity} at {Endpoint} ends {Status}, tried again: {Reason} ({LeftOut} such lines left out)")]
    internal static partial void CreateRetried(
        ILogger logger, string identity, string endpoint, LoggedName status, string reason, int leftOut);

    [LoggerMessage(2005, LogLevel.Error, "a callback of {Identity} threw")]
    internal static partial void CallbackThrew(ILogger logger, string identity, Exception error);

    [LoggerMessage(2006, LogLevel.Warning, "renewals move on from {Endpoint}: {Reason} ({LeftOut} such lines left out)")]
    internal static partial void RenewalsMoveOn(ILogger logger, string endpoint, string reason, int leftOut);

    [LoggerMessage(2007, LogLevel.Information, "keep-alive stream to {Endpoint} is open ({LeftOut} such lines left out)")]
    internal static partial void StreamOpened(ILogger logger, string endpoint, int leftOut);

    [LoggerMessage(2008, LogLevel.Warning, "master was not told that session {SessionId} ended, it will expire there: {Reason}")]
    internal static partial void CloseNotTold(ILogger logger, LoggedSession sessionId, string reason);

    [LoggerMessage(2009, LogLevel.Warning, "no session for {Identity} yet: {Status}, {Reason}")]
    internal static partial void HostStillWithoutSession(
        ILogger logger, string identity, LoggedName status, string reason);

    [LoggerMessage(2010, LogLevel.Warning,
        "session {SessionId} of {Identity} is given up: the master's epoch went back from {Epoch} to {LowerEpoch}, so its store is an older one")]
    internal static partial void MasterEpochWentBack(
        ILogger logger, string identity, LoggedSession sessionId, ulong epoch, ulong lowerEpoch);

    [LoggerMessage(2012, LogLevel.Error, "renewals failed unexpectedly, and go on ({LeftOut} such lines left out)")]
    internal static partial void RenewalsFailed(ILogger logger, int leftOut, Exception error);

    [LoggerMessage(2013, LogLevel.Warning, "the host stops while {Identity} is still being closed: a callback runs, or the master does not answer")]
    internal static partial void HostDidNotWait(ILogger logger, string identity, Exception? error);

    [LoggerMessage(2014, LogLevel.Information, "the masters are {Endpoints} from now on")]
    internal static partial void EndpointsSet(ILogger logger, string endpoints);

    [LoggerMessage(2020, LogLevel.Critical, "thread {Thread} of {Identity} met what nobody expected and goes on; a session that was held is lost")]
    internal static partial void Unexpected(ILogger logger, string thread, string identity, Exception error);

    [LoggerMessage(2011, LogLevel.Warning, "{Reason}; an address that worked before is dialled, if there is one ({LeftOut} such lines left out)")]
    internal static partial void ResolverFailed(ILogger logger, string reason, int leftOut);
}
