namespace Interop.Sessions.Master;

/// <summary>
/// Bytes that may be held at the same time. A holding that is larger than the whole budget is granted when there is no other:
/// otherwise it would be refused forever.
/// </summary>
/// <param name="most">How many.</param>
public sealed class ByteBudget(long most)
{
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

    /// <summary>Gives back.</summary>
    public void Return(long bytes) => Held -= bytes;
}
