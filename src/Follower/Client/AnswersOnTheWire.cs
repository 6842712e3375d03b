using Interop.Sessions.Client;

namespace Interop.Sessions.Follower.Client;

/// <summary>
/// What a master answered, from the wire. It is a stranger's word: an answer without what was asked for is the answer of another release,
/// or of no master, and never a defect of this library.
/// </summary>
internal static class AnswersOnTheWire
{
    /// <exception cref="SessionException">Unsupported.</exception>
    internal static Item Of(Protocol.V1.Item? item) =>
        item == null ? throw Missing("item") : new Item(item.Key, item.Value.Memory, item.Revision);

    /// <exception cref="SessionException">Unsupported.</exception>
    internal static ReportWindow Of(Protocol.V1.ReportWindow? window) =>
        window == null ? throw Missing("window", mayBeDone: true) : new ReportWindow(window.StartPid, window.ReportSize);

    /// <summary>
    /// What is left of the session at the master is counted from before the call, so that the deadline is no later than the master's.
    /// </summary>
    /// <exception cref="SessionException">Unsupported.</exception>
    internal static SessionRow Of(Protocol.V1.SessionRow? row, ulong masterEpoch, long sentNs) => row?.Description == null ? throw Missing("session") : new()
    {
        SessionId = row.SessionId,
        Epoch = row.Epoch,
        MasterEpoch = masterEpoch,
        Description = ServersOnTheWire.Of(row.Description),
        GrantedCapabilities = row.GrantedCapabilities,
        ReportWindow = row.ReportWindow is { } window ? new ReportWindow(window.StartPid, window.ReportSize) : default,
        TermMs = row.TermMs,
        DeadlineNs = sentNs + Ns.FromMs(row.RemainingMs),
        ItemCount = (int)row.ItemCount,
        Flags = (SessionFlags)row.Flags,
        // A time of the master's clock, which is another machine's.
        CreatedNs = 0,
        RenewedNs = 0,
    };

    private static SessionException Missing(string what, bool mayBeDone = false) =>
        new(SessionStatus.Unsupported, $"the master's answer has no {what}, as if it were of another release") { IsOutcomeUnknown = mayBeDone };
}
