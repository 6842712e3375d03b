using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master;

namespace Interop.Sessions;

/// <summary>A master's verbs for hosts that wait on a thread of their own, as BlockingForms has those of a follower.</summary>
internal static class BlockingMasterForms
{
    /// <summary>As ResignAsync; not in a hook.</summary>
    /// <exception cref="SessionException">As that, InCallback; TimedOut: it still resigns. Another call waits on.</exception>
    internal static void Resign(this SessionMaster master, int timeoutMs = Timeout.Infinite)
    {
        RequireOutsideHooks(master, "Resign");
        BlockingWait.For(master.ResignAsync(), timeoutMs, "what waits is not finished", "this master still resigns");
    }

    /// <summary>As StopAsync; not in a hook.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the stop goes on. Another call waits on.</exception>
    internal static void Stop(this SessionMaster master, int timeoutMs = Timeout.Infinite)
    {
        RequireOutsideHooks(master, "Stop");
        BlockingWait.For(master.StopAsync(), timeoutMs, "the master is not stopped", "the stop goes on");
    }

    /// <summary>As RevokeSessionAsync.</summary>
    internal static void RevokeSession(
        this SessionMaster master, ulong sessionId, ulong epoch, string reason, uint timeoutMs = Limits.DefaultCallTimeoutMs)
    {
        using CancellationTokenSource gone = new();
        Task revoked = master.RevokeSessionAsync(sessionId, epoch, reason, timeoutMs, gone.Token);
        try
        {
            // The task's own time-out needs a thread of the pool, which a host's hooks may hold up: nothing but this wait ends it.
            BlockingWait.For(revoked, (int)timeoutMs, "the master's store has not answered", "what was asked may still be done");
        }
        catch (SessionException late) when (late.Status == SessionStatus.TimedOut)
        {
            gone.Cancel();
            throw;
        }
    }

    private static void RequireOutsideHooks(SessionMaster master, string verb)
    {
        if (master.IsInHook)
        {
            throw new SessionException(SessionStatus.InCallback, $"{verb} waits for hooks, so it cannot be called from one");
        }
    }
}
