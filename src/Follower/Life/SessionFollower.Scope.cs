using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <content>What the host logs in a callback says of which session: a scope of its own loggers.</content>
public sealed partial class SessionFollower
{
    private static readonly Func<ILogger, string, string, ulong, IDisposable?> s_scope =
        LoggerMessage.DefineScope<string, string, ulong>("follower {Identity}, session {SessionId}, epoch {Epoch}");

    /// <summary>On the callback thread, around code of the host. The host's loggers may throw, which is no reason not to call that code.</summary>
    private IDisposable? ScopeOf(SessionInfo session)
    {
        try
        {
            return _manager.HostLogger is { } logger
                ? s_scope(logger, Identity, Notation.OfSession(session.SessionId), session.Epoch)
                : null;
        }
        catch (Exception error)
        {
            FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
            return null;
        }
    }
}
