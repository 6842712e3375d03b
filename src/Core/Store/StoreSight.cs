namespace Interop.Sessions.Store;

/// <summary>
/// What one look at a store's file and at the log beside it has seen, and what speaks against the one that a master left
/// behind. Only what was seen speaks: a look that failed says nothing.
/// </summary>
/// <param name="Held">The file that the master holds open.</param>
/// <param name="AtPath">What is at its path now; null: nothing.</param>
/// <param name="Log">What is at the log's path now; null: nothing.</param>
public sealed record StoreSight(FileSight Held, FileSight? AtPath, FileSight? Log)
{
    /// <summary>Why a store is no longer what its master noted of it; null: it is.</summary>
    /// <param name="noted">What the master saw after its own last write.</param>
    /// <param name="isWriting">The master writes itself: sizes and times say nothing.</param>
    public string? LossSince(StoreSight noted, bool isWriting)
    {
        if (Held.Links == 0)
        {
            return "the file was deleted";
        }

        if (AtPath is not { } found)
        {
            return "the file was moved away";
        }

        if (!found.IsFile(Held))
        {
            return "another file is in its place";
        }

        if (noted.Log is { } log)
        {
            if (Log is not { } foundLog)
            {
                return "its log (-wal) was deleted or moved away";
            }

            if (!foundLog.IsFile(log))
            {
                return "another log (-wal) is in the place of its own";
            }
        }

        return isWriting ? null
            : !Held.IsUnchanged(noted.Held) ? "the file was changed by another"
            : Log is { } latest && noted.Log is not { } former ? "a log (-wal) appeared that is not its own"
            : Log is { } changed && !changed.IsUnchanged(noted.Log!.Value) ? "its log (-wal) was changed by another"
            : null;
    }
}
