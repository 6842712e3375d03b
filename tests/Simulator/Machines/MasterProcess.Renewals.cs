using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Renewals come in batches, as KeepAliveConversation has them.</content>
internal sealed partial class MasterProcess
{
    /// <summary>What is in memory is answered at once, in one message; what the store must forget first is answered behind.</summary>
    internal void KeepAlive(FollowerProcess caller, IReadOnlyList<PendingRenewal> batch, Action<IReadOnlyList<RenewalAnswer>, string?> reply)
    {
        List<RenewalAnswer>? atOnce = [];
        string? named = Leads ? null : Named();
        foreach (PendingRenewal asked in batch)
        {
            KeepAlive(caller, asked, answer =>
            {
                if (atOnce != null)
                {
                    atOnce.Add(answer);
                }
                else
                {
                    Reply(caller, () => reply([answer], null));
                }
            });
        }

        List<RenewalAnswer> answers = atOnce;
        atOnce = null;
        Reply(caller, () => reply(answers, named));
    }

    /// <summary>The store forgets a mark, by the product's <see cref="SuspectClears{T}"/>.</summary>
    private void Clear(Leadership leadership, SessionKey key, Action<SessionStatus> cleared)
    {
        SuspectClear<List<Action<SessionStatus>>> clear = leadership.Clears.For(key, out bool isNew);
        clear.Waits ??= [];
        clear.Waits.Add(cleared);
        if (isNew)
        {
            Write(leadership, Decide, (_, refusal) => Answer(refusal?.Status ?? SessionStatus.Ok), isBounded: SuspectClears.IsBounded);
        }

        object? Decide(SessionTable table)
        {
            leadership.Clears.Decide(clear, table);
            return null;
        }

        void Answer(SessionStatus status)
        {
            leadership.Clears.Forget(clear);
            clear.Waits.ForEach(waiting => waiting(status));
        }
    }
}
