using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl items.</summary>
internal static class ItemsCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Argument<string> session = SessionArgument.Make();
        Command command = new("items", "Lists the items of a session, in the order of their keys.")
        {
            session,
        };
        flags.Give(
            command, [ControlSettings.Prefix, ControlSettings.Json],
            (master, options, parsed) => ListAsync(master, parsed.GetRequiredValue(session), options.Prefix, options.Json));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, string session, string prefix, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine(Header);
        }

        Protocol.V1.SessionRow row = await master.FindSessionAsync(session).ConfigureAwait(false);
        foreach (Protocol.V1.Item item in await master.ListItemsAsync(row.SessionId, prefix).ConfigureAwait(false))
        {
            if (asJson)
            {
                Text.WriteJsonLine(json => WriteJson(json, item));
            }
            else
            {
                Console.WriteLine(Line(item));
            }
        }
    }

    internal static string Header { get; } = $"{"REVISION",10} {"BYTES",8}  KEY = VALUE";

    internal static string Line(Protocol.V1.Item item) => string.Create(
        CultureInfo.InvariantCulture,
        $"{item.Revision,10} {item.Value.Length,8}  {Printable.Of(item.Key)} = {Text.OfValue(item.Value.Span)}");

    internal static void WriteJson(Utf8JsonWriter json, Protocol.V1.Item item)
    {
        json.WriteString("key", item.Key);
        json.WriteNumber("revision", item.Revision);
        json.WriteBase64String("value_base64", item.Value.Span);
    }
}
