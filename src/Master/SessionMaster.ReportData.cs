using System;
using System.Threading.Tasks;

namespace Interop.Sessions.Master;

/// <content>Data reports.</content>
public sealed partial class SessionMaster
{
    internal async Task<ReportWindow> ReportDataAsync(SessionKey key, ReportWindow window, ReadOnlyMemory<ulong> pids)
    {
        RequireLeader();
        RequireWithin(window, pids.Span);
        string identity = await _commits.ReadAsync(table => table.IdentityOf(key)).ConfigureAwait(false);
        try
        {
            return await _hooks.RunAsync(
                identity,
                () => _accessManager.DataReport(new DataReport(key.SessionId, key.Epoch, identity, window, pids)))
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is not SessionException)
        {
            MasterLog.HookThrew(_logger, nameof(AccessManager.DataReport), identity, error);
            throw new SessionException(SessionStatus.ReportRefused, $"the master's DataReport failed: {error.Message}", error);
        }
    }

    private static void RequireWithin(ReportWindow window, ReadOnlySpan<ulong> pids)
    {
        if (pids.Length > Limits.MaxPidsPerReport)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"pids has {pids.Length} entries; the limit is {Limits.MaxPidsPerReport}");
        }

        foreach (ulong pid in pids)
        {
            if (pid < window.StartPid || pid - window.StartPid >= window.ReportSize)
            {
                throw new SessionException(
                    SessionStatus.InvalidArgument,
                    $"pid {pid} is outside the window of {window.ReportSize} from {window.StartPid}");
            }
        }
    }
}
