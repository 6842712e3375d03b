using System;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Its host's word on who leads, by the product's <see cref="HostWord"/>: asked again and again, and with each create.</content>
internal sealed partial class MasterProcess
{
    private HostWord _word = HostWord.None;
    private long _questions;

    /// <summary>Until when its host says that it must not lead, whoever was elected.</summary>
    private long _hostSaysNoUntilNs;

    /// <summary>CheckLeader says no for a while.</summary>
    internal void HostSaysNo(long forNs)
    {
        World.Note($"{Name}'s host says no for {forNs / World.Ms} ms");
        _hostSaysNoUntilNs = NowNs + forNs;
    }

    /// <summary>As the thread of HostWatch: the next question comes a while after the last answer.</summary>
    private void AskHostLater(long afterNs) => AfterLocal(afterNs, () => AskHost(() => AskHostLater(Limits.CheckLeaderIntervalMs * World.Ms)));

    /// <summary>In a hook, which takes its time by itself.</summary>
    private void AskHostNow() => _word = _word.Hears(++_questions, NowNs, Says(), NowNs);

    /// <summary>The host looks at some moment between question and answer, and may take longer for it than its yes counts.</summary>
    private void AskHost(Action then)
    {
        long question = ++_questions;
        long askedNs = NowNs;
        AfterLocal(HostTakesNs(), () =>
        {
            LeaderAnswer said = Says();
            AfterLocal(HostTakesNs(), () =>
            {
                _word = _word.Hears(question, askedNs, said, NowNs);
                then();
            });
        });
    }

    /// <summary>
    /// A master whose host was deposed, and has not said so, shows for a while what was stored before (docs/leases.md): whoever reads
    /// there promises nothing by it, so histories do not read there.
    /// </summary>
    private bool ShowsWhatIsStored(Leadership leadership) =>
        World.Conditions.Election != Election.Host || leadership.Number == World.Store.Leaderships;

    private LeaderAnswer Says() => NowNs < _hostSaysNoUntilNs ? new LeaderAnswer(false)
        : World.Conditions.Election == Election.Host ? World.Hosts.Answer(this)
        : new LeaderAnswer(true);

    private long HostTakesNs() => World.HostsMisbehave && random.Chance(10) ? random.Between(100, 3000) * World.Ms : random.Between(0, 1) * World.Ms;
}
