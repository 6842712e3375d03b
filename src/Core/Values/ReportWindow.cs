using System;

namespace Interop.Sessions;

/// <summary>A window of the data report: the pids from StartPid up to StartPid + ReportSize - 1.</summary>
/// <param name="StartPid">The first pid.</param>
/// <param name="ReportSize">How many pids; 0: the master wants no report.</param>
public readonly record struct ReportWindow(ulong StartPid, uint ReportSize)
{
    /// <summary>All pids of a report lie in its window.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the first that does not.</exception>
    public void RequireAll(ReadOnlySpan<ulong> pids)
    {
        foreach (ulong pid in pids)
        {
            if (pid < StartPid || pid - StartPid >= ReportSize)
            {
                throw new SessionException(
                    SessionStatus.InvalidArgument, $"pid {pid} is outside the window of {ReportSize} from {StartPid}");
            }
        }
    }
}
