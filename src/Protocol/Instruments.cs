using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Interop.Sessions.Protocol;

/// <summary>
/// Instruments of ours, as all of ours record with them: whoever listens is the host's, and what it throws is no reason to end a thread, a
/// leadership or a renewal.
/// </summary>
public static class Instruments
{
    /// <summary>Makes an instrument.</summary>
    /// <returns>Null, which counts nothing: a listener of the host has thrown when it heard of the instrument.</returns>
    public static T? Make<T>(Func<T> create)
        where T : Instrument
    {
        ArgumentNullException.ThrowIfNull(create);
        try
        {
            return create();
        }
        catch (Exception)
        {
            // There is nobody to tell.
            return null;
        }
    }

    /// <summary>Makes a counter, as <see cref="Make"/>.</summary>
    public static Counter<long>? NewCounter(this Meter meter, string name, string unit, string description) =>
        Make(() => meter.CreateCounter<long>(name, unit, description));

    /// <summary>Adds to a counter.</summary>
    public static void Count(this Counter<long>? counter, long number, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter?.Add(number, tags);
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>Records a time.</summary>
    public static void NoteNs(this Histogram<double>? seconds, long ns, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            seconds?.Record(Ns.ToSeconds(ns), tags);
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }
}
