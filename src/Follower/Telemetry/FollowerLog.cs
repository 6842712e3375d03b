using System;
using Interop.Sessions.Protocol;
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

    [LoggerMessage(2015, LogLevel.Information, "the certificates in {Files} are used from now on, until {End}")]
    internal static partial void CertificatesReplaced(ILogger logger, string files, string end);

    [LoggerMessage(2016, LogLevel.Warning, "the former certificates are used: {Reason}")]
    internal static partial void CertificatesUnreadable(ILogger logger, string reason);

    [LoggerMessage(2017, LogLevel.Warning, "the certificate {File} ends at {End:u}, in {Left}")]
    internal static partial void CertificateEnds(ILogger logger, string file, DateTime end, TimeSpan left);

    [LoggerMessage(2018, LogLevel.Warning, "{Identity} is drained ({IsDraining}), the master says: {Reason}")]
    internal static partial void Drained(ILogger logger, string identity, bool isDraining, string reason);

    /// <summary>As <see cref="LastCatch.Tell(ILogger, string, Exception)"/>, of what a follower does.</summary>
    internal static void Unexpected(ILogger logger, string thread, string identity, Exception error)
    {
        try
        {
            if (LastCatch.MayTell(logger, $"{thread} of {identity}", out int leftOut))
            {
                NoteUnexpected(logger, thread, identity, leftOut, error);
            }
        }
        catch (Exception)
        {
            // The log itself may have thrown, or there is no memory for the line.
        }
    }

    [LoggerMessage(2020, LogLevel.Critical, "thread {Thread} of {Identity} met what nobody expected ({LeftOut} such lines left out)")]
    private static partial void NoteUnexpected(ILogger logger, string thread, string identity, int leftOut, Exception error);

    [LoggerMessage(2087, LogLevel.Warning, "a renewal of {Identity} is denied, and its lease runs out unless that changes: {Status}; the master's log has the rule ({LeftOut} such lines left out)")]
    private static partial void RenewalDenied(ILogger logger, string identity, LoggedName status, int leftOut);

    internal static void RenewalDenied(ILogger logger, LogBudgets budgets, string identity, SessionStatus status)
    {
        if (budgets.TrySpend($"renewal of {identity} {status}", out int leftOut))
        {
            RenewalDenied(logger, identity, status, leftOut);
        }
    }

    [LoggerMessage(EventId = 2088, Message = "{File} has changed, and {What}")]
    private static partial void TokenFileChanged(ILogger logger, LogLevel level, string file, string what);

    internal static void TokenFileChanged(ILogger logger, string file, SessionException? problem) => TokenFileChanged(
        logger, problem == null ? LogLevel.Information : LogLevel.Error, file,
        problem == null ? "its token is sent from now on" : $"the former token is sent: {problem.Message}");

    [LoggerMessage(2011, LogLevel.Warning, "{Reason}; an address that worked before is dialled, if there is one ({LeftOut} such lines left out)")]
    internal static partial void ResolverFailed(ILogger logger, string reason, int leftOut);
}
