using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>What is open of the hooks of one leadership.</summary>
internal sealed class LeadershipHooks<T>(Hook<T> beginning, Hook<T> end)
{
    /// <summary>Tells the host that it begins.</summary>
    internal Hook<T> Beginning => beginning;

    /// <summary>The same has returned: the others may run.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Tells the host that it has ended.</summary>
    internal Hook<T> End => end;

    /// <summary>The end is to be told, behind the last of its hooks.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>What was posted before the beginning had returned, in order.</summary>
    internal LinkedList<Hook<T>> Held { get; } = [];

    /// <summary>For what its end keeps from being run; null: it is over, and they were handed back.</summary>
    internal LinkedList<Hook<T>>? Dropped { get; set; } = [];

    /// <summary>How many wait, here or in their lanes, or run.</summary>
    internal int Open { get; set; }
}
