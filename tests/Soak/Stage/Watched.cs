using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Soak.Stage;

/// <summary>What a process uses, as the kernel says.</summary>
/// <param name="AtMs">When, since the beginning.</param>
/// <param name="RssKiB">Memory.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Descriptors">Files and sockets.</param>
/// <param name="Files">Files in the folder that it writes; 0: it has none.</param>
/// <param name="Leads">Is it a master that is elected, and leads? Null: that has changed some seconds ago.</param>
internal readonly record struct Sample(long AtMs, long RssKiB, int Threads, int Descriptors, int Files, bool? Leads);

/// <summary>A process that lives from the beginning to the end, and must not grow.</summary>
/// <param name="name">What the table calls it.</param>
/// <param name="id">Its number.</param>
/// <param name="folder">Where it writes; null: nowhere.</param>
/// <param name="leads">Of a master that is elected: does it lead? Null, too, as long as it does not say.</param>
internal sealed class Watched(string name, int id, string? folder, Func<bool?>? leads = null)
{
    /// <summary>A master gives memory back some seconds after it has led.</summary>
    private const long SettlesMs = 20_000;

    private readonly List<Sample> _samples = [];
    private bool _leads;
    private long _settledAtMs;

    internal string Name { get; } = name;

    internal IReadOnlyList<Sample> Samples => _samples;

    internal Sample Take(long atMs)
    {
        if (leads?.Invoke() is { } now && now != _leads)
        {
            (_leads, _settledAtMs) = (now, atMs + SettlesMs);
        }

        string[] status = File.ReadAllLines($"/proc/{id}/status");
        Sample sample = new(
            atMs, NumberOf(status, "VmRSS:"), (int)NumberOf(status, "Threads:"), Directory.GetFileSystemEntries($"/proc/{id}/fd").Length,
            folder == null ? 0 : Directory.GetFiles(folder).Length, atMs < _settledAtMs ? null : _leads);
        _samples.Add(sample);
        return sample;
    }

    private static long NumberOf(string[] status, string field) => long.Parse(
        status.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(
            (char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
