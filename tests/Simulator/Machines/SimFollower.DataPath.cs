namespace Interop.Sessions.Simulator.Machines;

/// <content>The host's data path: asks nobody, reads the word, and has its effect at most delta later.</content>
internal sealed partial class SimFollower
{
    internal ulong WordEpoch { get; private set; }

    internal long WordDeadlineNs { get; private set; }

    /// <summary>Would the data path begin an effect now?</summary>
    internal bool WouldServe => IsUp && WordDeadlineNs != 0 && NowNs < WordDeadlineNs;

    private void UseData() => AfterLocal(_random.Between(5, 120) * World.Ms, () =>
    {
        if (WouldServe)
        {
            ulong epoch = WordEpoch;
            long startNs = NowNs;
            AfterLocal(_random.Between(0, World.Conditions.EffectDelayMs) * World.Ms, () => Effect(epoch, startNs));
        }

        UseData();
    });

    private void Effect(ulong epoch, long startNs)
    {
        // One that was stopped in between breaks the promise of delta; only the receiver's fence holds then.
        if (NowNs - startNs <= World.Conditions.EffectDelayMs * World.Ms)
        {
            World.Witness.Effect(this, epoch);
        }

        long delayNs = _random.Chance(100) ? _random.Between(0, 8_000) * World.Ms : 0;
        World.Agenda.After(delayNs, () => World.Witness.Received(Identity, epoch));
    }
}
