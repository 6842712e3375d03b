using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <summary>Every log event of the master side; docs/operations.md lists them.</summary>
internal static partial class MasterLog
{
    [LoggerMessage(1001, LogLevel.Information, "step {Step}: identity {Identity}")]
    internal static partial void CreateStep(ILogger logger, string step, string identity);

    [LoggerMessage(1002, LogLevel.Information, "session {SessionId:x16} of {Identity} ended: {Reason}, epoch {Epoch}")]
    internal static partial void SessionEnded(
        ILogger logger, string identity, ulong sessionId, ulong epoch, SessionEndReason reason);

    [LoggerMessage(1003, LogLevel.Information, "serving on port {Port}, master epoch {MasterEpoch}, {Sessions} sessions loaded")]
    internal static partial void Serving(ILogger logger, int port, ulong masterEpoch, int sessions);

    [LoggerMessage(1004, LogLevel.Information, "stopped")]
    internal static partial void Stopped(ILogger logger);

    [LoggerMessage(1005, LogLevel.Error, "the store failed, {Operations} operations were undone: {Status}, {Reason}")]
    internal static partial void CommitFailed(ILogger logger, int operations, SessionStatus status, string reason);

    [LoggerMessage(1006, LogLevel.Error, "hook {Hook} of {Identity} threw")]
    internal static partial void HookThrew(ILogger logger, string hook, string identity, Exception error);

    [LoggerMessage(EventId = 1007, Message = "create of {Identity} refused: {Status}, {Reason}")]
    internal static partial void CreateRefused(
        ILogger logger, LogLevel level, string identity, SessionStatus status, string reason);

    [LoggerMessage(1008, LogLevel.Information, "leadership is {Leads}, hint {Hint}")]
    internal static partial void LeadershipChanged(ILogger logger, bool leads, string hint);

    [LoggerMessage(1009, LogLevel.Warning, "session {SessionId:x16} of epoch {Epoch} is revoked: {Reason}")]
    internal static partial void SessionRevoked(ILogger logger, ulong sessionId, ulong epoch, string reason);

    [LoggerMessage(1010, LogLevel.Warning, "refused session {SessionId:x16} of {Identity} not closed: {Status}, {Reason}")]
    internal static partial void CloseFailed(
        ILogger logger, ulong sessionId, string identity, SessionStatus status, string reason);

    [LoggerMessage(1011, LogLevel.Information, "session {SessionId:x16} of {Identity} is re-attached, epoch {Epoch}")]
    internal static partial void SessionReattached(ILogger logger, string identity, ulong sessionId, ulong epoch);
}
