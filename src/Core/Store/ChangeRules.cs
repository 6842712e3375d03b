using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>
/// What the two sides of a store's boundary promise each other about a batch, for assertions on both: the writer that hands it out, and
/// the store that takes it. What comes back is looked at by <see cref="SnapshotRules"/>, since a file may be damaged.
/// </summary>
public static class ChangeRules
{
    /// <summary>What no store could keep whole; null: nothing.</summary>
    public static string? FaultOf(IReadOnlyList<StoreChange> changes) => changes.Select(FaultOfForm).FirstOrDefault(fault => fault != null);

    /// <summary>The same, and what would be loaded by no master afterwards.</summary>
    /// <param name="changes">The batch.</param>
    /// <param name="former">The revision before it.</param>
    /// <param name="revision">The revision after it.</param>
    public static string? FaultOf(IReadOnlyList<StoreChange> changes, ulong former, ulong revision) =>
        revision < former ? $"revision {revision} follows {former}"
        : FaultOf(changes) ?? changes.SelectMany(change => change.AsParts())
            .Where(part => NumberOf(part) is { } number && (number == 0 || number > revision))
            .Select(part => $"{part} is of no revision up to {revision}").FirstOrDefault();

    private static string? FaultOfForm(StoreChange change) => change switch
    {
        StoreChange.Together { Parts.Length: 0 } => "nothing belongs together",
        StoreChange.Together together => together.Parts.Select(part => part is StoreChange.Together ? "a change within a change" : FaultOfForm(part))
            .FirstOrDefault(fault => fault != null),
        StoreChange.RemoveSession { End: { } end } removed when (end.SessionId, end.Epoch) != (removed.SessionId, removed.Epoch) =>
            $"the end of {end.SessionId:x16} goes with the removal of {removed.SessionId:x16}",
        StoreChange.PutItem { Writes: { } writes } item when writes.SessionId != item.SessionId =>
            $"the writes of {writes.SessionId:x16} go with an item of {item.SessionId:x16}",
        StoreChange.RemoveItem { Writes: { } writes } item when writes.SessionId != item.SessionId =>
            $"the writes of {writes.SessionId:x16} go with an item of {item.SessionId:x16}",
        _ => null,
    };

    private static ulong? NumberOf(StoreChange change) => change switch
    {
        StoreChange.PutSession session => session.Key.Epoch,
        StoreChange.PutItem item => item.Revision,
        StoreChange.RemoveSession { End: { } end } => end.Revision,
        StoreChange.PutEnd ended => ended.End.Revision,
        StoreChange.RemoveEnd removed => removed.Revision,
        _ => null,
    };
}
