using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;

namespace Interop.Sessions.Tests.Support;

/// <summary>A real etcd process on loopback, with its data in a directory of the test.</summary>
internal sealed class EtcdNode : IDisposable
{
    private readonly string[] _arguments;
    private readonly string _log;
    private Process? _process;

    internal EtcdNode(
        string name, string directory, string listen, int clientPort, int peerPort, string cluster, IEnumerable<string> more)
    {
        Port = clientPort;
        _log = Path.Combine(directory, $"{name}.log");
        string[] given = [.. more];
        bool isSecure = given.Any(argument => argument.StartsWith("--cert-file", StringComparison.Ordinal));
        string scheme = isSecure ? "https" : "http";
        _arguments =
        [
            "--name", name, "--data-dir", Path.Combine(directory, name), "--listen-client-urls",
            $"{scheme}://{listen}:{clientPort}", "--advertise-client-urls", $"{scheme}://127.0.0.1:{clientPort}", "--listen-peer-urls", $"http://127.0.0.1:{peerPort}",
            "--initial-advertise-peer-urls", $"http://127.0.0.1:{peerPort}", "--initial-cluster", cluster,
            "--logger", "zap", "--log-level", "error", "--log-outputs", _log, .. given,
        ];
        // Debian's package would make an etcd of one node listen where its configuration says.
        Start();
    }

    internal int Port { get; }

    internal string Endpoint => $"127.0.0.1:{Port}";

    internal bool IsUp => _process is { HasExited: false };

    internal void Start()
    {
        ProcessStartInfo start = new("etcd", _arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("ETCD_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        _process = Process.Start(start) ?? throw new IOException("cannot start etcd");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>SIGKILL.</summary>
    internal void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    internal void Stop() => Signals.Send(_process!.Id, Signals.Stop);

    internal void Continue() => Signals.Send(_process!.Id, Signals.Continue);

    /// <summary>Does it answer, which it does when its cluster has a leader?</summary>
    internal bool IsHealthy()
    {
        if (!IsUp)
        {
            throw new IOException($"etcd has ended: {(File.Exists(_log) ? File.ReadAllText(_log) : "no log")}");
        }

        try
        {
            using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(1) };
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://{Endpoint}/health");
            using HttpResponseMessage answer = client.Send(request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (IsUp)
        {
            Kill();
        }

        _process?.Dispose();
    }
}
