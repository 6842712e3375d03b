using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Interop.Sessions.Control;

/// <summary>A session by its id, as lists and logs show it.</summary>
internal static class SessionArgument
{
    internal static Argument<ulong> Make() => new("session")
    {
        Description = "Its id: up to 16 hexadecimal digits, as the list shows it.",
        CustomParser = Parse,
    };

    private static ulong Parse(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        if (given.Length <= 16 && ulong.TryParse(given, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong id))
        {
            return id;
        }

        result.AddError($"'{Printable.Of(given)}' is not a session id: it has 1 to 16 hexadecimal digits");
        return 0;
    }
}
