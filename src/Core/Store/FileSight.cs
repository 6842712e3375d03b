namespace Interop.Sessions.Store;

/// <summary>What one look at a file has seen of it.</summary>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Links">How many names it has; 0: it was deleted, and lives only as long as it is open.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ModifiedNs">When its content was changed last, by the file system's clock.</param>
public readonly record struct FileSight(ulong Device, ulong Inode, uint Links, long Bytes, long ModifiedNs)
{
    /// <summary>Is it the same file, whatever is in it?</summary>
    public bool IsFile(FileSight other) => Device == other.Device && Inode == other.Inode;

    /// <summary>Is it the same file, with the same content as far as can be seen from outside?</summary>
    public bool IsUnchanged(FileSight other) =>
        IsFile(other) && Bytes == other.Bytes && ModifiedNs == other.ModifiedNs;
}
