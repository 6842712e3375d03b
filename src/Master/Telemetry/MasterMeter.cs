using System;
using System.Diagnostics.Metrics;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <summary>Instruments of the meter "Interop.Sessions.Master" that need more than a name.</summary>
internal static class MasterMeter
{
    private const string Prefix = "interop_sessions.master.";

    // From a commit on a fast disk to a term: what is beside the point costs nothing where nobody listens.
    private static readonly double[] s_seconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    internal static Histogram<double>? NewTimes(Meter meter, string name, string description) => Instruments.Make(() => meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds }));

    /// <summary>What a look at the master shows.</summary>
    internal static void Observe(Meter meter, Func<MasterStatistics> look)
    {
        Gauge("leads", shown => shown.MasterEpoch != 0 ? 1 : 0, "1", "1: this master may act; 0: another may lead.");
        Gauge("epoch", shown => (long)shown.MasterEpoch, "1", "The number of the leadership; 0: it may not act.");
        Gauge("sessions", shown => shown.Sessions, "{session}", "Sessions that the master has.");
        Gauge("connections", shown => shown.Connections, "{connection}", "Connections that have a place.");
        Gauge("operations_waiting", shown => shown.OperationsWaiting, "{operation}", "Operations that wait for the store, or are being committed.");
        Gauge("bytes_waiting", shown => shown.BytesWaiting, "By", "The bytes of their values.");
        Gauge("hooks_waiting", shown => shown.HooksWaiting, "{hook}", "Hooks of calls that have not begun.");
        Gauge("hooks_running", shown => shown.HooksRunning, "{hook}", "Hooks that run.");
        Gauge("ends_waiting", shown => shown.EndsWaiting, "{end}", "Ends that the host was not told yet.");

        void Gauge(string name, Func<MasterStatistics, long> value, string unit, string description) =>
            Instruments.Make(() => meter.CreateObservableGauge(Prefix + name, () => value(look()), unit, description));
    }
}
