namespace Interop.Sessions.Master;

/// <summary>What is next on a <see cref="WritePath"/>. All but <see cref="Wait"/> is I/O, done with no lock held.</summary>
public enum WriteStep
{
    /// <summary>Nothing: give the next batch, or an empty one after <see cref="WritePath.WaitMs"/>.</summary>
    Wait,

    /// <summary>
    /// Carry out what there is, let others have the table for a moment, then <see cref="WritePath.GoOn"/>: what only looks may look at
    /// much.
    /// </summary>
    Again,

    /// <summary>Look at the store, then tell <see cref="WritePath.Seen"/>.</summary>
    Look,

    /// <summary>
    /// Commit <see cref="WritePath.Changes"/> as one transaction, then tell <see cref="WritePath.Committed"/> or
    /// <see cref="WritePath.CommitFailed"/>.
    /// </summary>
    Commit,
}
