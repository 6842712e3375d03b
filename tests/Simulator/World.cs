using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Interop.Sessions.Simulator.Checks;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator;

/// <summary>Everything that one history happens to.</summary>
internal sealed class World
{
    internal const long Ms = 1_000_000;

    private readonly Action<string>? _trace;
    private readonly Dictionary<string, MasterProcess> _nobodies = [];

    internal World(ulong seed, Action<string>? trace)
    {
        _trace = trace;
        Seed = seed;
        Random = new SimRandom(seed);
        Agenda = new Agenda();
        Network = new Network(Agenda, Random.Fork());
        Conditions = new Conditions(Random.Fork());
        Witness = new Witness(this);
        Store = new SharedStore(this, Random.Fork());
        // Its own numbers: hosts that elect nobody move nobody else's.
        Hosts = new SimHosts(this, new SimRandom(seed ^ 0x9E37_79B9_7F4A_7C15));
    }

    internal ulong Seed { get; }

    internal SimRandom Random { get; }

    internal Agenda Agenda { get; }

    internal Network Network { get; }

    internal Conditions Conditions { get; }

    internal Witness Witness { get; }

    internal SharedStore Store { get; }

    internal SimHosts Hosts { get; }

    internal List<MasterProcess> Masters { get; } = [];

    internal List<FollowerProcess> Processes { get; } = [];

    internal List<SimWatcher> Watchers { get; } = [];

    internal IEnumerable<SimFollower> Followers => Processes.SelectMany(process => process.Followers);

    /// <summary>Servers of which a second process ran while the first still did.</summary>
    internal HashSet<string> Contended { get; } = [];

    /// <summary>Of everything noted: two runs of a seed that differ anywhere differ here.</summary>
    internal ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>A line of the history.</summary>
    internal void Note([InterpolatedStringHandlerArgument("")] ref NoteText what)
    {
        what.Mix((ulong)Agenda.NowNs);
        Fingerprint = what.Hash;
        _trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Agenda.NowNs / 1e6,12:F3} ms  {what.Text()}"));
    }

    internal bool IsTraced => _trace != null;

    /// <summary>Hosts block, throw and refuse in their callbacks.</summary>
    internal bool HostsMisbehave { get; set; } = true;

    /// <summary>What is at an address where nobody is.</summary>
    internal MasterProcess NobodyAt(string name)
    {
        if (!_nobodies.TryGetValue(name, out MasterProcess? nobody))
        {
            _nobodies.Add(name, nobody = new MasterProcess(this, name, new SimClock(Agenda, 0, 0), new SimRandom(0)));
        }

        return nobody;
    }

    /// <summary>What the history wants to do when a master has begun to lead.</summary>
    internal Action<MasterProcess> OnLeading { get; set; } = _ => { };

    internal SimClock NewClock()
    {
        // Offsets of hours: machines were not started together.
        return new SimClock(Agenda, Random.Between(0, 10_000_000) * Ms, Conditions.ClockError(Random));
    }
}
