using System;
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
