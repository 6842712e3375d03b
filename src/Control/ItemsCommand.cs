using System;
using System.CommandLine;
using System.Globalization;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl items.</summary>
internal static class ItemsCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Argument<ulong> session = SessionArgument.Make();
        Command command = new("items", "Lists the items of a session, in the order of their keys.")
        {
            session,
        };
        flags.Give(
            command, [ControlSettings.Prefix, ControlSettings.Json],
            (master, options, parsed) => ListAsync(master, parsed.GetValue(session), options.Prefix, options.Json));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, ulong sessionId, string prefix, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine($"{"REVISION",10} {"BYTES",8}  KEY = VALUE");
        }

        foreach (Protocol.V1.Item item in await master.ListItemsAsync(sessionId, prefix).ConfigureAwait(false))
        {
            if (asJson)
            {
                Text.WriteJsonLine(json =>
                {
                    json.WriteString("key", item.Key);
                    json.WriteNumber("revision", item.Revision);
                    json.WriteBase64String("value_base64", item.Value.Span);
                });
            }
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{item.Revision,10} {item.Value.Length,8}  {Printable.Of(item.Key)} = {Text.OfValue(item.Value.Span)}"));
            }
        }
    }
}
