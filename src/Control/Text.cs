using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Interop.Sessions.Control;

/// <summary>What is written to standard output.</summary>
internal static class Text
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>What others chose, without what a terminal would obey.</summary>
    internal static string Printable(string text) => text.Any(IsObeyed)
        ? string.Concat(text.Select(c => IsObeyed(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : $"{c}"))
        : text;

    /// <summary>An item's value: as text if it is printable text, else in base64.</summary>
    internal static string OfValue(ReadOnlySpan<byte> value)
    {
        try
        {
            string text = _strict.GetString(value);
            if (!text.Any(IsObeyed))
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

    // Also the marks that turn the direction of writing.
    private static bool IsObeyed(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator;
}
