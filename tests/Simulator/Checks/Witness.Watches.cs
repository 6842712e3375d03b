using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Watches: each durable change once and in order, over all fail-overs, or a state that is whole.</content>
internal sealed partial class Witness
{
    /// <summary>A watch says changes: those that the store has taken after the last.</summary>
    /// <returns>The last now.</returns>
    internal StoredChange WatchSays(SimWatcher watcher, StoredChange last, IEnumerable<SessionEvent> said)
    {
        foreach (SessionEvent change in said.Where(change => change.Kind < SessionEventKind.Progress))
        {
            string text = StoredChange.TextOf(change);
            Require(text == last.Next?.Text, $"{watcher.Name} is told {text}, and the store has taken {last.Next?.Text ?? "nothing more"}");
            last = last.Next!;
            Counts.Watched++;
        }

        return last;
    }

    /// <summary>A watcher has been told all that there is, and nothing is being committed.</summary>
    internal void KnowsAll(SimWatcher watcher, StoredChange last, WatchedMirror mirror)
    {
        Require(last.Next == null, $"{watcher.Name} is said to know all, and the store has taken {last.Next?.Text}");
        string? difference = mirror.Difference(world.Store.Sessions);
        Require(difference == null, $"{watcher.Name} has a wrong picture: {difference}");
        Counts.WatchedWhole++;
    }
}
