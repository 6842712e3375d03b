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
        RequireFew(pids);
        window.RequireAll(pids.Span);
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
            pids.Length * sizeof(ulong), awaited, tenure.HookNumber, status: SessionStatus.ReportRefused)
            .ConfigureAwait(false);
    }

    private static void RequireFew(ReadOnlyMemory<ulong> pids)
    {
        if (pids.Length > Limits.MaxPidsPerReport)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"pids has {pids.Length} entries; the limit is {Limits.MaxPidsPerReport}");
        }
    }
}
