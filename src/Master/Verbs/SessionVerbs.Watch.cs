using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>
/// Watch. Each watch reads for itself, when it has said what it read before: nothing waits for it, and a slow one falls behind until the
/// history has forgotten what it would say next.
/// </content>
internal sealed partial class SessionVerbs
{
    /// <summary>What a watch says, page after page, in one leadership.</summary>
    /// <param name="asked">For what.</param>
    /// <param name="staysThere">It goes on where its caller's task runs, and not on the pool.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionException">InvalidArgument, TooLong, Compacted, NotLeader, Cancelled: the master stops; the end of the caller's session.</exception>
    internal async IAsyncEnumerable<WatchSaid> WatchAsync(
        WatchAsk asked, bool staysThere, [EnumeratorCancellation] CancellationToken cancellation)
    {
        asked.Require();
        Tenure tenure = RequireLeader();
        SessionWatch watch = new(asked.Filter, tenure.MasterEpoch, asked.After, asked.WithState);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        long? saidNs = null;
        while (true)
        {
            // Before the look: what comes between the two is not missed.
            Task news = tenure.NextChange;
            long lookedNs = time.NowNs;
            WatchPage page = await ReadAsync(tenure, watch, asked.Caller, ending.Token).ConfigureAwait(staysThere);
            if (page.Events.Count > 0 || saidNs is not { } last || lookedNs - last >= Ns.FromMs(asked.ProgressMs))
            {
                yield return new WatchSaid(page, tenure.MasterEpoch);
                saidNs = lookedNs;
            }

            if (page.IsAll)
            {
                await AwaitNewsAsync(news, lookedNs, asked.ProgressMs, ending.Token).ConfigureAwait(staysThere);
            }
        }
    }

    private async Task<WatchPage> ReadAsync(Tenure tenure, SessionWatch watch, SessionKey? caller, CancellationToken awaited)
    {
        try
        {
            awaited.ThrowIfCancellationRequested();
            if (watch is { HasRows: false, StateFrom: { } from })
            {
                // Behind what is being committed, if anything is.
                watch.Take(await tenure.LookAsync(table => table.IsWhole, table => Held(table).ReadState(watch.Filter, from), awaited)
                    .ConfigureAwait(false));
            }

            return watch.IsInState ? watch.TakeRows() : watch.Say(tenure.Look(table => Held(table).ReadChanges(watch.After)));
        }
        catch (SessionException lost) when (lost.Status == SessionStatus.NotLeader)
        {
            // With the name of whoever leads.
            throw Refusal();
        }

        SessionTable Held(SessionTable table)
        {
            if (caller is { } key)
            {
                table.RequireHeld(key);
            }

            return table;
        }
    }

    /// <summary>Until something has changed, or it is time to say that nothing has; and looks do not follow each other at once.</summary>
    private async Task AwaitNewsAsync(Task news, long lookedNs, uint progressMs, CancellationToken awaited)
    {
        try
        {
            await news.WaitAsync(TimeSpan.FromMilliseconds(progressMs), time, awaited).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return;
        }

        long leftNs = Ns.Left(lookedNs + Ns.FromMs(Limits.WatchPauseMs), time.NowNs);
        if (leftNs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Ns.ToMsUp(leftNs)), time, awaited).ConfigureAwait(false);
        }
    }
}
