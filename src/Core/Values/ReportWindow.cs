namespace Interop.Sessions;

/// <summary>A window of the data report: the pids from StartPid up to StartPid + ReportSize - 1.</summary>
/// <param name="StartPid">The first pid.</param>
/// <param name="ReportSize">How many pids; 0: the master wants no report.</param>
public readonly record struct ReportWindow(ulong StartPid, uint ReportSize);
