using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Interop.Sessions.Control;

/// <summary>A session as operators name it.</summary>
internal static class SessionArgument
{
    private const int DigitsOfId = 16;

    internal static Argument<string> Make() => new("session")
    {
        Description = "Its id, 16 hexadecimal digits as the list shows it, or the identity of its server.",
        CustomParser = Parse,
    };

    /// <summary>Is it an id? Else it is an identity.</summary>
    internal static bool IsId(string given, out ulong id)
    {
        id = 0;
        return given.Length == DigitsOfId && ulong.TryParse(given, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }

    private static string Parse(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        if (given.Length == 0)
        {
            result.AddError("a session is named by its id, 16 hexadecimal digits, or by the identity of its server");
        }

        return given;
    }
}
