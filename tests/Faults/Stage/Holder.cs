using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Faults.Stage;

/// <summary>What a holder came to: a state with its epoch, or the loss of a session with its reason.</summary>
internal readonly record struct Moment(string State, ulong Epoch, long AtNs);

/// <summary>A lease_holder: a holder in a process of its own, whose data path asks its lease every millisecond.</summary>
internal sealed class Holder(ChildProcess process, Witness witness) : IDisposable
{
    internal ChildProcess Process => process;

    internal Served[] Sessions => witness.Sessions;

    /// <summary>What it came to, in order.</summary>
    internal IReadOnlyList<Moment> Moments =>
        [.. process.Lines.Select(MomentOf).Where(moment => moment != null).Select(moment => moment!.Value)];

    /// <summary>
    /// Its states in order, one for each session apart by a bar: "ALIVE SUSPECT ALIVE", "ALIVE LOST(EXPIRED) | ALIVE".
    /// </summary>
    internal string History
    {
        get
        {
            List<string> words = [];
            ulong epoch = 0;
            foreach (Moment moment in Moments)
            {
                if (epoch != 0 && moment.Epoch != epoch)
                {
                    words.Add("|");
                }

                epoch = moment.Epoch;
                words.Add(moment.State);
            }

            return string.Join(' ', words);
        }
    }

    /// <summary>When it came to a state for the given time, once it did.</summary>
    internal long Await(string state, int times = 1)
    {
        Eventually.Is(() => Find().Length >= times, $"{state} of a holder that was '{History}'");
        return Find()[times - 1].AtNs;

        Moment[] Find() => [.. Moments.Where(moment => moment.State == state)];
    }

    /// <summary>Waits until its data path was told yes after a moment; says when.</summary>
    internal long AwaitYes(long afterNs)
    {
        Eventually.Is(() => LastYesNs() > afterNs, "a yes of the lease word");
        return LastYesNs();
    }

    /// <summary>When the lease word last said yes.</summary>
    internal long LastYesNs() => Sessions.Select(session => session.LastYesNs).DefaultIfEmpty().Max();

    public void Dispose()
    {
        process.Dispose();
        witness.Dispose();
    }

    private static Moment? MomentOf(Line line) => line.Text.Split(' ') switch
    {
        ["state", var state, var epoch] => new Moment(state, Number(epoch), line.AtNs),
        ["lost", var reason, var epoch] => new Moment($"LOST({reason})", Number(epoch), line.AtNs),
        _ => null,
    };

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
