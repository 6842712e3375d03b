namespace Interop.Sessions.Simulator.Machines;

/// <summary>The revisions of one commit.</summary>
/// <param name="After">The store's before.</param>
/// <param name="UpTo">The store's behind it.</param>
internal readonly record struct CommitRevisions(ulong After, ulong UpTo)
{
    internal bool Contain(ulong revision) => revision > After && revision <= UpTo;
}
