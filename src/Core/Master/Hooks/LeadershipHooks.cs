using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>What is open of the hooks of one leadership.</summary>
internal sealed class LeadershipHooks<T>
{
    /// <summary>Tells the host that it begins; null: not yet.</summary>
    internal Hook<T>? Beginning { get; set; }

    /// <summary>The same has returned: the others may run.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Tells the host that it has ended; null: it goes on.</summary>
    internal Hook<T>? End { get; set; }

    /// <summary>What was posted before the beginning had returned, in order.</summary>
    internal LinkedList<Hook<T>> Held { get; } = [];

    /// <summary>How many wait, here or in their lanes, or run.</summary>
    internal int Open { get; set; }
}
