using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Soak.Load;

namespace Interop.Sessions.Soak.Stage;

/// <summary>A process of holders, from outside.</summary>
/// <param name="name">Of its holders.</param>
/// <param name="count">How many.</param>
/// <param name="seed">Of what they do.</param>
/// <param name="endpoints">The masters that they ask.</param>
/// <param name="tls">Null: without.</param>
internal sealed class Holders(string name, int count, int seed, IEnumerable<string> endpoints, TlsOptions? tls) : IDisposable
{
    private readonly ChildProcess _process = new(
        [
            "sh", "-c", "echo \"pid $$\"; exec \"$@\"", "sh", Environment.ProcessPath!, HolderProcess.Verb, name,
            count.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture),
            string.Join(',', endpoints), .. tls == null ? Array.Empty<string>() : [tls.CaFile, tls.CertFile, tls.KeyFile],
        ]);

    internal int Id => int.Parse(_process.Find("pid ").Text.AsSpan(4), CultureInfo.InvariantCulture);

    /// <summary>What is wrong, as they say.</summary>
    internal IEnumerable<string> Findings =>
        _process.Lines.Where(line => line.Text.StartsWith("FOUND ", StringComparison.Ordinal)).Select(line => line.Text[6..]);

    /// <summary>Acknowledged, compared, failed, followers, channels.</summary>
    internal long[] Did => _process.Lines.LastOrDefault(line => line.Text.StartsWith('D')).Text is { } text
        ? [.. text.Split(' ')[1..].Select(number => long.Parse(number, CultureInfo.InvariantCulture))]
        : [0, 0, 0, 0, 0];

    /// <exception cref="BrokenExpectationException">They do nothing.</exception>
    internal void AwaitWork() => Eventually.IsSlowly(() => Did[0] > 0, $"work of {name}");

    internal void Pause() => _process.Stop();

    internal void Continue() => _process.Continue();

    /// <summary>SIGTERM: all its sessions are closed.</summary>
    internal void End() => _process.Terminate();

    /// <summary>SIGKILL.</summary>
    public void Dispose() => _process.Dispose();
}
