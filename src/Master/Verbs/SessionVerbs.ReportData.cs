using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>Data reports.</content>
internal sealed partial class SessionVerbs
{
    internal async Task<ReportWindow> ReportDataAsync(
        SessionKey key, WriteId write, ReportWindow window, ReadOnlyMemory<ulong> pids, CancellationToken awaited)
    {
        Tenure tenure = RequireLeader();
        RequireWithin(window, pids.Span);
        string identity = await tenure.ReadAsync(
            table =>
            {
                table.RequireAwaited(key, write);
                return table.IdentityOf(key);
            },
            awaited).ConfigureAwait(false);
        DataReport report = new(key.SessionId, key.Epoch, identity, window, pids);
        return await CallHookAsync(
            nameof(AccessManager.DataReport), identity, () => accessManager.DataReport(report),
            pids.Length * sizeof(ulong), awaited, tenure.HookNumber)
            .ConfigureAwait(false);
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
