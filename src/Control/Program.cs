using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl: what operators ask of masters.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        ControlFlags flags = new();
        RootCommand command = new("Lists the sessions of a cluster and their items, revokes sessions, and says which master leads.")
        {
            ListCommand.Make(flags),
            ItemsCommand.Make(flags),
            RevokeCommand.Make(flags),
            MastersCommand.Make(flags),
        };
        flags.AddTo(command);
        return command.Parse(arguments).InvokeAsync();
    }
}
