using System;
using System.CommandLine;
using System.Globalization;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl items.</summary>
internal static class ItemsCommand
{
    internal static Command Make(MasterOptions masters)
    {
        Argument<ulong> session = SessionArgument.Make();
        Option<string> prefix = new("--prefix")
        {
            Description = "Only items whose keys begin so.",
            HelpName = "key",
            DefaultValueFactory = _ => "",
        };
        Command command = new("items", "Lists the items of a session, in the order of their keys.")
        {
            session,
            prefix,
            ListCommand.Json,
        };
        command.SetAction((parsed, _) => masters.RunAsync(parsed, master => ListAsync(
            master, parsed.GetValue(session), parsed.GetRequiredValue(prefix), parsed.GetValue(ListCommand.Json))));
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
