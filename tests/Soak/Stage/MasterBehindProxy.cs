using System;
using System.Globalization;
using System.Linq;
using Grpc.Core;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Tests.Support;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Soak.Stage;

/// <summary>A session-master behind a network that can be cut and stalled.</summary>
internal sealed class MasterBehindProxy : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly MasterLink _direct;
    private readonly string[] _command;
    private ChildProcess _process;

    /// <param name="program">session-master.</param>
    /// <param name="log">The file that its log is added to.</param>
    /// <param name="store">The options that say where its store is.</param>
    internal MasterBehindProxy(string program, string log, params string[] store)
    {
        int port = Ports.Free(1)[0];
        Network = new TcpProxy(port);
        _direct = new MasterLink([$"127.0.0.1:{port}"]);
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

    /// <summary>Does it lead? Null: it does not say, as it stands still.</summary>
    internal bool? Leads()
    {
        try
        {
            return _direct.Administration.GetStatus(new Wire.GetStatusRequest(), deadline: DateTime.UtcNow + s_patience).MasterEpoch != 0;
        }
        catch (RpcException)
        {
            return null;
        }
    }

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
        _direct.Dispose();
        Network.Dispose();
    }
}
