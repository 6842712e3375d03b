using System.CommandLine;

namespace Interop.Sessions.Control;

/// <summary>sessionctl resign.</summary>
internal static class ResignCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new(
            "resign", "Lets another master lead: whoever leads finishes what waits, and stands by. Only where masters are elected in etcd.");
        flags.Give(command, [], (master, _, _) => master.ResignAsync());
        return command;
    }
}
