using System.Linq;
using System.Text;

namespace Interop.Sessions;

/// <summary>What a caller shows instead of a certificate: a text that nobody guesses (RFC 6750).</summary>
public static class BearerToken
{
    /// <summary>What it is, for messages, which never show one.</summary>
    public static string Rule =>
        $"a token has {Limits.MinTokenLength} to {Limits.MaxTokenLength} characters: letters, digits, '-', '.', '_', '~', '+', '/', '='";

    /// <summary>Can it be one?</summary>
    public static bool IsToken(string text) =>
        text.Length is >= Limits.MinTokenLength and <= Limits.MaxTokenLength &&
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=');

    /// <summary>What a master stores of it.</summary>
    public static byte[] HashOf(string token) => Sha256.Of(Encoding.ASCII.GetBytes(token));
}
