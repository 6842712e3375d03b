using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Verbs;

namespace Interop.Sessions.Master;

/// <content>What a host watches at its own master.</content>
public sealed partial class SessionMaster
{
    /// <summary>
    /// Sessions, items and assignments, as what changes becomes durable. A slow reader keeps nobody waiting; what it has missed when the
    /// history has gone on without it comes as a difference, unless the options say otherwise.
    /// </summary>
    /// <param name="options">What, and from where on; null: everything, and all that there is first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SessionException">
    /// InvalidArgument or TooLong; NotLeader: this master does not lead, or its leadership is over; Compacted, where the options do not
    /// want a difference; Cancelled: the master stops.
    /// </exception>
    public async IAsyncEnumerable<SessionEvent> WatchAsync(
        WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WatchOptions();
        options.Require();
        WatchRun run = new(options);
        while (true)
        {
            WatchAsk ask = new(options.Filter, run.After, run.WithState, options.ProgressMs);
            await using IAsyncEnumerator<WatchSaid> pages =
                Verbs.WatchAsync(ask, staysThere: false, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MayGoOnAsync(pages, run, cancellationToken).ConfigureAwait(false))
            {
                WatchPage page = pages.Current.Page;
                foreach (SessionEvent told in run.Take(page.Events, page.Revision, pages.Current.MasterEpoch))
                {
                    yield return told;
                }
            }
        }
    }

    /// <summary>False: the stream has ended so that the watch goes on over another.</summary>
    private async Task<bool> MayGoOnAsync(IAsyncEnumerator<WatchSaid> pages, WatchRun run, CancellationToken cancellation)
    {
        try
        {
            return await pages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (SessionException failure) when (run.GoesOnAfter(failure))
        {
            return false;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SessionException(SessionStatus.Cancelled, "the master stops");
        }
    }
}
