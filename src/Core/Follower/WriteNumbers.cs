using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>
/// The numbers of one connection's writes (see <see cref="WriteId"/>). A write keeps its number in all attempts; it is
/// finished when its caller was answered or gave up: a copy that comes later is then refused, not carried out. Numbers run
/// ahead of the lowest unfinished one by no more than a master remembers answers.
/// </summary>
public sealed class WriteNumbers
{
    private readonly SortedSet<ulong> _unfinished = [];
    private ulong _last;

    /// <summary>A write begins, unless one that hangs is too many numbers behind.</summary>
    public bool TryBegin(out WriteId write)
    {
        ulong next = _last + 1;
        ulong firstUnfinished = _unfinished.Count == 0 ? next : _unfinished.Min;
        write = new WriteId(next, firstUnfinished);
        if (next - firstUnfinished >= Limits.MaxUnfinishedWrites)
        {
            return false;
        }

        _last = next;
        _unfinished.Add(next);
        return true;
    }

    /// <summary>The write's caller was answered, or gave up.</summary>
    public void Finish(WriteId write) => _unfinished.Remove(write.Number);
}
