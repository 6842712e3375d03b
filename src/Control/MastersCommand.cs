using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl masters.</summary>
internal static class MastersCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new("masters", "Asks each of --masters whether it leads; fails if none does.");
        flags.Give(command, [], (access, _, _) => AskAsync(access));
        return command;
    }

    private static async Task AskAsync(MasterAccess access)
    {
        int leaders = 0;
        await foreach (MasterState master in access.AskMastersAsync().ConfigureAwait(false))
        {
            leaders += master.Failure == null ? 1 : 0;
            Console.WriteLine($"{master.Address}  {Say(master)}");
        }

        if (leaders == 0)
        {
            throw new SessionException(SessionStatus.NoMaster, "none of them leads");
        }
    }

    private static string Say(MasterState master) => master.Failure switch
    {
        null => $"leads, master epoch {Printable.Of(master.MasterEpoch ?? "")}",
        { Status: SessionStatus.NotLeader, LeaderHint.Length: > 0 } refusal =>
            $"does not lead, points to {Printable.Of(refusal.LeaderHint)}",
        { Status: SessionStatus.NotLeader } refusal => Printable.Of(refusal.Message.Replace("this master ", "", StringComparison.Ordinal)),
        { } failure => Text.OfNoAnswer(failure),
    };
}
