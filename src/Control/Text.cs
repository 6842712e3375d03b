using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Interop.Sessions.Control;

/// <summary>What is written to standard output.</summary>
internal static class Text
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>An item's value: as text if it is printable text, else in base64.</summary>
    internal static string OfValue(ReadOnlySpan<byte> value)
    {
        try
        {
            string text = _strict.GetString(value);
            if (Printable.Is(text))
            {
                return text;
            }
        }
        catch (DecoderFallbackException)
        {
            // Bytes.
        }

        return $"base64:{Convert.ToBase64String(value)}";
    }

    /// <summary>
    /// Milliseconds since 1970 as a time. A stranger may answer at the address that was given: what is no time is shown as the number that
    /// it is.
    /// </summary>
    internal static string OfTime(ulong unixMs) => unixMs <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)unixMs).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)
        : unixMs.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a master is shown as that could not be asked.</summary>
    internal static string OfNoAnswer(SessionException failure) =>
        $"gave no answer: {failure.Status.Name()}: {Printable.Of(failure.Message)}";

    /// <summary>The endpoints of a server, in JSON.</summary>
    internal static void WriteEndpoints(this Utf8JsonWriter json, IEnumerable<Endpoint> endpoints)
    {
        json.WriteStartArray("endpoints");
        foreach (Endpoint endpoint in endpoints)
        {
            json.WriteStartObject();
            json.WriteString("kind", AccessPointKinds.NameOf(endpoint.Kind));
            json.WriteString("address", endpoint.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>How a session stands, in JSON.</summary>
    internal static void WriteFlags(this Utf8JsonWriter json, SessionFlags flags)
    {
        json.WriteStartArray("flags");
        foreach (string flag in flags.Names())
        {
            json.WriteStringValue(flag);
        }

        json.WriteEndArray();
    }

    /// <summary>One JSON object on one line.</summary>
    internal static void WriteJsonLine(Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
    }
}
