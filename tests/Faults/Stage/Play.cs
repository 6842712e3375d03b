using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>One scenario while it runs: its processes, its disks and networks, and what it measured.</summary>
internal sealed class Play(string programs) : IDisposable
{
    private const string StoreName = "store.db";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faults-");
    private readonly Stack<IDisposable> _props = new();
    private readonly List<Holder> _holders = [];
    private readonly List<Measurement> _measurements = [];

    internal IReadOnlyList<Holder> Holders => _holders;

    internal IReadOnlyList<Measurement> Measurements => _measurements;

    internal MasterProcess? Master { get; private set; }

    /// <summary>A path inside the folder of this scenario.</summary>
    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Anything that must be cleaned up after; what was made last goes first.</summary>
    internal T Keep<T>(T prop)
        where T : IDisposable
    {
        _props.Push(prop);
        return prop;
    }

    internal MasterProcess StartMaster(string host = "127.0.0.1", string? storeFolder = null)
    {
        string store = Path.Combine(storeFolder ?? _folder.FullName, StoreName);
        return Master = Keep(new MasterProcess(address => NewMaster(address, store), host));
    }

    /// <summary>Another process of a master.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="store">Its file; without one, that of <see cref="StorePath"/>.</param>
    /// <param name="hint">It never leads, and names this as the leader.</param>
    internal ChildProcess NewMaster(string address, string? store = null, string? hint = null)
    {
        string term = $"{Times.TermMs}";
        Dictionary<string, string> environment = [];
        if (hint != null)
        {
            environment.Add("MASTER_HOST_HINT", hint);
        }

        return new ChildProcess(
            [Path.Combine(programs, "master_host"), address, PathOf(store ?? StoreName), term, term], environment);
    }

    /// <summary>The master's file.</summary>
    internal string StorePath => PathOf(StoreName);

    /// <summary>The file and its log.</summary>
    internal string[] StoreFiles => Directory.GetFiles(_folder.FullName, StoreName + "*");

    /// <summary>A holder that serves by a lease that was renewed.</summary>
    internal Holder StartServing(string endpoint, HolderNetwork? network = null, HolderClock? clock = null)
    {
        Holder holder = StartHolder(endpoint, "server", network, clock);
        holder.AwaitYes(holder.Await("ALIVE") + (Times.TermMs * 1_000_000L));
        return holder;
    }

    internal Holder StartHolder(
        string endpoint, string identity, HolderNetwork? network = null, HolderClock? clock = null)
    {
        clock ??= HolderClock.True;
        string witness = PathOf($"witness{_holders.Count}");
        string program = Path.Combine(programs, "lease_holder");
        string[] command = [.. network?.Inside ?? [], program, endpoint, identity, $"{Times.TermMs}", witness];
        Holder holder = Keep(new Holder(
            new ChildProcess(command, clock.Environment(programs)), new Witness(witness, clock)));
        _holders.Add(holder);
        return holder;
    }

    /// <summary>How long a fault lasts.</summary>
    internal static void Last(long ms) => Thread.Sleep(TimeSpan.FromMilliseconds(ms));

    /// <summary>Notes a time from one moment to another, and what it must be.</summary>
    internal void Measure(string what, long fromNs, long toNs, long leastMs, long mostMs) =>
        _measurements.Add(new Measurement(what, (toNs - fromNs) / 1_000_000, leastMs, mostMs));

    /// <summary>The same from a moment that is known to some milliseconds.</summary>
    internal void Measure(string what, DoneAt from, long toNs, long leastMs, long mostMs) =>
        Measure(what, from.FromNs, toNs, leastMs, mostMs + Ns.ToMsUp(from.ByNs - from.FromNs));

    /// <summary>Notes how long from now until something is so.</summary>
    internal void MeasureUntil(string what, Func<bool> condition, long leastMs, long mostMs)
    {
        long fromNs = BootClock.NowNs;
        Eventually.Is(condition, what);
        Measure(what, fromNs, BootClock.NowNs, leastMs, mostMs);
    }

    public void Dispose()
    {
        while (_props.TryPop(out IDisposable? prop))
        {
            prop.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
