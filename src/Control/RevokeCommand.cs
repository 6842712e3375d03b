using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl revoke.</summary>
internal static class RevokeCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Argument<string> session = SessionArgument.Make();
        Command command = new(
            "revoke", "Ends a session: its holder hears it with its next renewal, and it is gone at the end of its lease at the latest.")
        {
            session,
        };
        flags.Give(
            command, [ControlSettings.Reason],
            (master, options, parsed) => RevokeAsync(
                master, parsed.GetRequiredValue(session), options.Reason.Length > 0 ? options.Reason : "revoked by an operator"));
        return command;
    }

    private static async Task RevokeAsync(MasterAccess master, string session, string reason)
    {
        Protocol.V1.SessionRow row = await master.FindSessionAsync(session).ConfigureAwait(false);
        await master.RevokeSessionAsync(row.SessionId, row.Epoch, reason).ConfigureAwait(false);
        Console.WriteLine(
            $"revoked {row.SessionId:x16} of {Printable.Of(row.Description.Identity)}; its lease runs {row.RemainingMs} ms at most");
    }
}
