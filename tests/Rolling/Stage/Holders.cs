using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Rolling.Load;

namespace Interop.Sessions.Rolling.Stage;

/// <summary>What a process of holders says of itself every quarter of a second.</summary>
/// <param name="AtNs">When that was read.</param>
/// <param name="Acknowledged">Changes of items.</param>
/// <param name="Looks">At leases, by data paths.</param>
/// <param name="Refused">Of these.</param>
/// <param name="Certificates">How often new ones came into use.</param>
/// <param name="RenewedNs">When the one that waits longest was renewed last; 0: not yet.</param>
/// <param name="LeastLeftMs">Of a lease.</param>
/// <param name="Master">Whom they ask.</param>
internal readonly record struct Said(
    long AtNs, long Acknowledged, long Looks, long Refused, long Certificates, long RenewedNs, long LeastLeftMs, string Master);

/// <summary>A process of holders, from outside.</summary>
/// <param name="name">Of its holders.</param>
/// <param name="count">How many.</param>
/// <param name="folder">Where it keeps what the next process of that name goes on with.</param>
/// <param name="masters">Whom they may ask.</param>
/// <param name="tls">Null: insecure.</param>
internal sealed class Holders(string name, int count, string folder, IEnumerable<string> masters, TlsOptions? tls) : IDisposable
{
    private readonly ChildProcess _process = new(
        [
            Environment.ProcessPath!, HolderProcess.Verb, name, count.ToString(CultureInfo.InvariantCulture), folder, string.Join(',', masters),
            .. tls == null ? Array.Empty<string>() : [tls.CaFile, tls.CertFile, tls.KeyFile],
        ]);

    internal string Name { get; } = name;

    /// <summary>What is wrong, as they say.</summary>
    internal IEnumerable<string> Findings => Words("FOUND ").Select(line => line.Text[6..]);

    /// <summary>What their log warns of.</summary>
    internal IEnumerable<string> Warnings => Words("LOGGED ").Select(line => $"{Name}: {line.Text[7..]}");

    /// <summary>In order.</summary>
    internal IEnumerable<Said> Said => Words("DID ").Select(SaidOf);

    /// <summary>The latest.</summary>
    internal Said Latest => Words("DID ").LastOrDefault() is { Text: not null } line ? SaidOf(line) : default;

    /// <summary>How often one of them was told of a state in a time.</summary>
    internal int Told(SessionState state, long fromNs, long toNs) => Words("TOLD ").Count(
        line => line.AtNs >= fromNs && line.AtNs < toNs && line.Text.EndsWith($" {state}", StringComparison.Ordinal));

    /// <summary>Waits until all have a session; says when that was.</summary>
    internal long AwaitHeld()
    {
        Eventually.IsSlowly(() => Words("HOLDS").Any() || _process.HasEnded, $"sessions of {Name}");
        return Words("HOLDS").Select(line => line.AtNs).FirstOrDefault(-1) is var atNs && atNs >= 0
            ? atNs
            : throw new BrokenExpectationException($"{Name} ended: {string.Join("; ", _process.Lines.Select(line => line.Text))}");
    }

    /// <summary>SIGKILL; says when.</summary>
    internal long Kill() => _process.Kill().FromNs;

    /// <summary>SIGTERM: they compare what there is with what was acknowledged.</summary>
    internal void End()
    {
        _process.Terminate();
        Eventually.IsSlowly(() => Words($"DONE {count}").Any(), $"a comparison by {Name}");
    }

    /// <summary>SIGKILL.</summary>
    public void Dispose() => _process.Dispose();

    private static Said SaidOf(Line line)
    {
        string[] words = line.Text.Split(' ');
        long[] numbers = [.. words[1..^1].Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return new Said(line.AtNs, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], words[^1]);
    }

    private IEnumerable<Line> Words(string beginning) =>
        _process.Lines.Where(line => line.Text.StartsWith(beginning, StringComparison.Ordinal));
}
