using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.CrashLoops.Stage;

/// <summary>An only master on a SQLite file.</summary>
internal class SqliteMaster : IMasters
{
    /// <summary>One start in so many is cut short, and tried again.</summary>
    private const int CutShort = 6;

    /// <summary>Longer than a start takes, so that any moment of it may be hit.</summary>
    private const int LongestStartMs = 600;

    private readonly MasterProcess _process;
    private readonly string _store;

    internal SqliteMaster(string program, string folder)
    {
        _store = Path.Combine(folder, "sessions.db");
        string address = $"127.0.0.1:{Ports.Free(1)[0]}";
        _process = new MasterProcess(
            [program, "--listen", address, "--insecure", "loopback", "--store", _store, "--create", "--max-term-ms", "60000", "--term-ms", "60000"],
            address, Path.Combine(folder, "master.log"));
        Addresses = [address];
    }

    public virtual string Name => "SQLite, its master killed";

    public IReadOnlyList<string> Addresses { get; }

    public virtual int LongestMs => 20_000;

    public int KilledBeginning { get; private set; }

    public void Start(Random random)
    {
        while (random.Next(CutShort) == 0)
        {
            _process.Begin();
            Thread.Sleep(random.Next(LongestStartMs));
            _process.Kill();
            KilledBeginning++;
        }

        _process.Begin(EnvironmentOf(random));
        _process.AwaitReady();
    }

    public virtual void Harm()
    {
    }

    public void Kill(string leader) => _process.Kill();

    public void Dispose()
    {
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What is done to the process besides; null: nothing.</summary>
    protected virtual IReadOnlyDictionary<string, string>? EnvironmentOf(Random random) => null;
}
