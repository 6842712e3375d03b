using System;
using System.IO;
using System.Linq;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.Rolling.Stage;

/// <summary>One session-master on etcd, which is started again with other flags.</summary>
/// <param name="program">session-master.</param>
/// <param name="address">Where it listens, however often it is started.</param>
/// <param name="etcd">The members.</param>
/// <param name="log">The file that its log is added to.</param>
internal sealed class MasterOnEtcd(string program, string address, string etcd, string log) : IDisposable
{
    private const string CertificatesInUse = "[1089] ";

    private ChildProcess? _process;

    internal string Address => address;

    /// <summary>How often it has taken new certificates into use, in all its lives.</summary>
    internal int CertificatesTaken => File.ReadLines(log).Count(line => line.Contains(CertificatesInUse, StringComparison.Ordinal));

    /// <summary>SIGTERM, if it runs, and a new process.</summary>
    /// <param name="term">Of leases, in milliseconds.</param>
    /// <param name="flags">Whom it serves, and how.</param>
    internal void Start(uint term, params string[] flags)
    {
        _process?.Terminate();
        _process?.Dispose();
        _process = new ChildProcess(
            [
                "sh", "-c", "exec \"$@\" 2>>\"$0\"", log, program, "--listen", address, "--etcd", etcd, "--etcd-insecure", "loopback", "--create",
                "--term-ms", $"{term}", "--max-term-ms", $"{term}", .. flags,
            ]);
    }

    internal void AwaitReady() => Eventually.IsSlowly(
        () => _process!.Lines.Any(line => line.Text.StartsWith("ready ", StringComparison.Ordinal)), $"a master that serves at {address}");

    public void Dispose() => _process?.Dispose();
}
