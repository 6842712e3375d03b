using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl revoke.</summary>
internal static class RevokeCommand
{
    internal static Command Make(MasterOptions masters)
    {
        Argument<ulong> session = SessionArgument.Make();
        Option<string> reason = new("--reason")
        {
            Description = "What the holder and the master's log are told.",
            HelpName = "text",
            DefaultValueFactory = _ => "revoked by an operator",
        };
        Command command = new(
            "revoke", "Ends a session: its holder hears it with its next renewal, and it is gone at the end of its lease at the latest.")
        {
            session,
            reason,
        };
        command.SetAction((parsed, _) => masters.RunAsync(
            parsed, master => RevokeAsync(master, parsed.GetValue(session), parsed.GetRequiredValue(reason))));
        return command;
    }

    private static async Task RevokeAsync(MasterAccess master, ulong sessionId, string reason)
    {
        Protocol.V1.SessionRow row = await master.FindSessionAsync(sessionId).ConfigureAwait(false);
        await master.RevokeSessionAsync(sessionId, row.Epoch, reason).ConfigureAwait(false);
        Console.WriteLine(
            $"revoked {sessionId:x16} of {Printable.Of(row.Description.Identity)}; its lease runs {row.RemainingMs} ms at most");
    }
}
