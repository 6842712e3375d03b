using System;

namespace Interop.Sessions.Master;

/// <summary>
/// Bytes that may be held at the same time. A holding that is larger than the whole budget is granted when there is no other:
/// otherwise it would be refused forever.
/// </summary>
/// <param name="most">How many.</param>
public sealed class ByteBudget(long most)
{
    /// <summary>How many may be.</summary>
    public long Most => most;

    /// <summary>How many are held.</summary>
    public long Held { get; private set; }

    /// <summary>Takes more bytes for a holder that has some already.</summary>
    /// <param name="bytes">More.</param>
    /// <param name="own">What the holder has.</param>
    public bool TryTake(long bytes, long own = 0)
    {
        if (Held + bytes > most && Held > own)
        {
            return false;
        }

        Held += bytes;
        return true;
    }

    /// <summary>Takes bytes from a share and from what all have together, or from neither.</summary>
    /// <param name="share">Of one holder, or of one connection.</param>
    /// <param name="all">Of all of them.</param>
    /// <param name="bytes">More.</param>
    /// <param name="own">What the holder has.</param>
    /// <returns>Null, or which of the two is full.</returns>
    public static ByteBudget? TakeOfBoth(ByteBudget share, ByteBudget all, long bytes, long own = 0)
    {
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(all);
        if (!share.TryTake(bytes, own))
        {
            return share;
        }

        if (all.TryTake(bytes, own))
        {
            return null;
        }

        share.Return(bytes);
        return all;
    }

    /// <summary>Gives back.</summary>
    public void Return(long bytes) => Held -= bytes;
}
