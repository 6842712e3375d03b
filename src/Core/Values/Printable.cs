using System;
using System.Globalization;
using System.Text;

namespace Interop.Sessions;

/// <summary>
/// Texts that others chose, for a terminal or a log: every character that either would obey is written as its code, so that no
/// text forges a line, moves the cursor or turns the direction of writing.
/// </summary>
public static class Printable
{
    /// <summary>The text with what is obeyed escaped; the same string if there is none.</summary>
    public static string Of(string text) => Is(text) ? text : Escaped(text);

    /// <summary>Is it shown as it is?</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Next(text, out int length) is not { } rune || IsObeyed(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static string Escaped(ReadOnlySpan<char> text)
    {
        StringBuilder escaped = new(text.Length + 16);
        while (!text.IsEmpty)
        {
            Rune? rune = Next(text, out int length);
            if (rune is { } shown && !IsObeyed(shown))
            {
                escaped.Append(text[..length]);
            }
            else
            {
                foreach (char unit in text[..length])
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }

            text = text[length..];
        }

        return escaped.ToString();
    }

    /// <summary>Null: half of a pair.</summary>
    private static Rune? Next(ReadOnlySpan<char> text, out int length) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out length) == System.Buffers.OperationStatus.Done ? rune : null;

    private static bool IsObeyed(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator;
}
