using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>What a holder asks of an item.</summary>
internal enum ItemVerb
{
    Set,
    Remove,
    Get,
}

/// <summary>One call of a holder's host, however often the library and the network repeat it.</summary>
/// <param name="Id">Its number in the history; of a set, also its value.</param>
/// <param name="Holder">The session and the connection that made it.</param>
/// <param name="ItemKey">The item.</param>
/// <param name="Verb">What it does.</param>
/// <param name="Expected">The set whose value must be there (0: none), or null: whatever is.</param>
/// <param name="Write">How the connection numbered it.</param>
internal sealed record ItemCall(int Id, SessionKey Holder, string ItemKey, ItemVerb Verb, int? Expected, WriteId Write)
{
    /// <summary>Of the change that it made, once somebody has seen it.</summary>
    internal ulong Revision { get; set; }

    /// <summary>What is made with it, or neither is; null: it is alone.</summary>
    internal ItemCall? With { get; private set; }

    /// <summary>What may have been there while it was on its way.</summary>
    internal HashSet<int> Seen { get; } = [];

    /// <summary>It could have no effect any more, and was not answered before that was known.</summary>
    internal bool IsForgotten { get; set; }

    /// <summary>How much had happened to the item when it began.</summary>
    internal int BegunAt { get; set; }

    /// <summary>One call of the host makes both.</summary>
    internal void JoinWith(ItemCall other) => (With, other.With) = (other, this);

    /// <summary>The value that is there after it; 0: none.</summary>
    internal int After => Verb == ItemVerb.Set ? Id : 0;

    /// <summary>Would it do something to a value?</summary>
    internal bool Changes(int value) => Verb switch
    {
        ItemVerb.Get => false,
        ItemVerb.Remove when value == 0 => false,
        _ => Expected == null || Expected == value,
    };

    public override string ToString() => $"{Verb} {Id} of {ItemKey} in epoch {Holder.Epoch}" +
        (Expected is { } expected ? $" if {expected}" : "") + $" (write {Write.Number}, first unfinished {Write.FirstUnfinished})";
}
