using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <summary>A forwarded call in progress: an item, an access point, a data report.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Neither timer nor link nor wait handle is ever made: nothing to dispose of.")]
public sealed class ForwardOperation
{
    private readonly CancellationTokenSource _cancelled = new();

    internal ForwardOperation()
    {
    }

    internal CancellationToken Cancellation => _cancelled.Token;

    /// <summary>Asks it to end early, with Cancelled; too late is no error.</summary>
    public void Cancel() => _cancelled.Cancel();
}
