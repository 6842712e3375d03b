using System;
using System.Globalization;
using System.Linq;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Soak.Stage;

/// <summary>A session-master behind a network that can be cut and stalled.</summary>
internal sealed class MasterBehindProxy : IDisposable
{
    private readonly string[] _command;
    private ChildProcess _process;

    /// <param name="program">session-master.</param>
    /// <param name="log">The file that its log is added to.</param>
    /// <param name="store">The options that say where its store is.</param>
    internal MasterBehindProxy(string program, string log, params string[] store)
    {
        int port = Ports.Free(1)[0];
        Network = new TcpProxy(port);
        // So long a term outlasts each fault: whoever is told LOST is told wrongly.
        _command =
        [
            "sh", "-c", "echo \"pid $$\"; exec \"$@\" 2>>\"$0\"", log, program, "--listen", $"127.0.0.1:{port}", "--advertise", Network.Address,
            "--insecure", "loopback", "--create", "--term-ms", "20000", "--max-term-ms", "20000", .. store,
        ];
        _process = new ChildProcess(_command);
    }

    internal TcpProxy Network { get; }

    internal int Id => int.Parse(_process.Find("pid ").Text.AsSpan(4), CultureInfo.InvariantCulture);

    internal void AwaitReady() => Eventually.IsSlowly(
        () => _process.Lines.Any(line => line.Text.StartsWith("ready ", StringComparison.Ordinal)), "a master that serves");

    internal void Pause() => _process.Stop();

    internal void Continue() => _process.Continue();

    /// <summary>SIGKILL, and a new process.</summary>
    internal void KillAndRestart()
    {
        _process.Dispose();
        _process = new ChildProcess(_command);
        AwaitReady();
    }

    /// <summary>SIGTERM, and a new process.</summary>
    internal void EndAndRestart()
    {
        _process.Terminate();
        KillAndRestart();
    }

    internal void End() => _process.Terminate();

    public void Dispose()
    {
        _process.Dispose();
        Network.Dispose();
    }
}
