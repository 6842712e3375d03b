using System.Threading;

namespace Interop.Sessions.Master.Server;

/// <summary>Bytes that all connections share, for all threads; and of each connection no more than its share.</summary>
/// <param name="what">Of what: for the text of a refusal.</param>
/// <param name="most">How many bytes in all.</param>
internal sealed class SharedBudget(string what, long most)
{
    private readonly Lock _lock = new();
    private readonly ByteBudget _all = new(most);

    internal long Held
    {
        get
        {
            lock (_lock)
            {
                return _all.Held;
            }
        }
    }

    /// <summary>Takes more bytes for a holder that has some already.</summary>
    /// <param name="share">Of its connection; it belongs to this budget alone.</param>
    /// <param name="bytes">More.</param>
    /// <param name="own">What the holder has.</param>
    /// <returns>Null, or what is full.</returns>
    internal SessionException? Take(ByteBudget share, long bytes, long own = 0)
    {
        lock (_lock)
        {
            return ByteBudget.TakeOfBoth(share, _all, bytes, own) is { } full
                ? Full(full == share ? "this connection's" : "all connections'", full, bytes)
                : null;
        }
    }

    internal void Return(ByteBudget share, long bytes)
    {
        lock (_lock)
        {
            share.Return(bytes);
            _all.Return(bytes);
        }
    }

    private SessionException Full(string whose, ByteBudget budget, long bytes) => SessionException.Overloaded(
        $"{whose} {what} have {budget.Held} bytes, and {bytes} more are wanted: {budget.Most} may be", Limits.WireRetryMs);
}
