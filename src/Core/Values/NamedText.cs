using System;
using System.Text;

namespace Interop.Sessions;

/// <summary>
/// Texts that are stored and told to others: a number of bytes of UTF-8, and no NUL, which a host in C would take for the end. One rule for
/// what a table takes and for what it loads: what one leadership has stored, the next must not refuse.
/// </summary>
public static class NamedText
{
    /// <summary>What is wrong with a text; null: nothing.</summary>
    /// <param name="what">It is called.</param>
    /// <param name="text">Itself.</param>
    /// <param name="minBytes">The fewest.</param>
    /// <param name="maxBytes">The most.</param>
    public static string? FaultOf(string what, string? text, int minBytes, int maxBytes) => RefusalOf(what, text, minBytes, maxBytes)?.Message;

    /// <summary>Refuses what is wrong.</summary>
    /// <exception cref="SessionException">InvalidArgument or TooLong, naming the text and the limit.</exception>
    public static void Require(string what, string? text, int minBytes, int maxBytes)
    {
        if (RefusalOf(what, text, minBytes, maxBytes) is { } refusal)
        {
            throw refusal;
        }
    }

    private static SessionException? RefusalOf(string what, string? text, int minBytes, int maxBytes)
    {
        if (text == null)
        {
            return new SessionException(SessionStatus.InvalidArgument, $"{what} is null");
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes < minBytes || bytes > maxBytes)
        {
            return new SessionException(
                bytes > maxBytes ? SessionStatus.TooLong : SessionStatus.InvalidArgument,
                $"{what} has {bytes} bytes; it must have {minBytes} to {maxBytes}");
        }

        return text.Contains('\0', StringComparison.Ordinal)
            ? new SessionException(SessionStatus.InvalidArgument, $"{what} contains a NUL character")
            : null;
    }
}
