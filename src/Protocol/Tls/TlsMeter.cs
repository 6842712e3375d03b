using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Interop.Sessions.Protocol;

/// <summary>The meter "Interop.Sessions.Tls": how long the certificates that this process uses are good (docs/dotnet.md).</summary>
internal static class TlsMeter
{
    private static readonly Meter s_meter = new("Interop.Sessions.Tls");
    private static readonly ConcurrentDictionary<TlsFiles, bool> s_files = [];

    static TlsMeter() => Instruments.Make(() => s_meter.CreateObservableGauge(
        "interop_sessions.certificate_left", Look, "s", "How long the certificates of a file are good; below 0: one has ended."));

    /// <summary>From here on they are shown.</summary>
    internal static void Add(TlsFiles files) => s_files[files] = true;

    /// <summary>They are used no more.</summary>
    internal static void Remove(TlsFiles files) => s_files.TryRemove(files, out _);

    private static List<Measurement<double>> Look()
    {
        DateTime now = DateTime.UtcNow;
        List<Measurement<double>> left = [];
        foreach (TlsFiles files in s_files.Keys)
        {
            foreach (CertificateSpan span in files.SpansAt(now))
            {
                left.Add(new Measurement<double>(
                    (span.Until - now).TotalSeconds,
                    new KeyValuePair<string, object?>("use", files.Field), new KeyValuePair<string, object?>("file", span.File)));
            }
        }

        return left;
    }
}
