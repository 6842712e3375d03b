using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Client;

/// <summary>How a watch ends for .NET: by its reader's own token with .NET's own exception.</summary>
public static class EndedWatch
{
    /// <summary>The same events; but where the token has ended them, an <see cref="OperationCanceledException"/>.</summary>
    public static async IAsyncEnumerable<SessionEvent> EndedBy(
        this IAsyncEnumerable<SessionEvent> watch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        await using IAsyncEnumerator<SessionEvent> events = watch.GetAsyncEnumerator(cancellation);
        while (await NextAsync(events, cancellation).ConfigureAwait(false))
        {
            yield return events.Current;
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SessionEvent> events, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (SessionException ended) when (ended.Status == SessionStatus.Cancelled && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(ended.Message, ended, cancellation);
        }
    }
}
