using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;

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
            KeepAlive(caller, asked.Key, asked.IsInquiry ? Asking.Inquiry : Asking.Renewal, answer =>
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
}
