namespace Interop.Sessions.Master;

/// <summary>
/// Bytes that may be held at the same time. One holding that is larger than all of it is granted when there is no other:
/// refused for ever it would be of no use to anybody.
/// </summary>
/// <param name="most">How many.</param>
public sealed class ByteBudget(long most)
{
    /// <summary>How many are held.</summary>
    public long Held { get; private set; }

    /// <summary>Takes more for somebody who holds some already.</summary>
    /// <param name="bytes">More.</param>
    /// <param name="own">What he holds.</param>
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
