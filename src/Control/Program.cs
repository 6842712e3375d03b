using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl: what operators ask of masters.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        MasterOptions masters = new();
        RootCommand command = new("Lists the sessions of a cluster and their items, revokes sessions, and says which master leads.")
        {
            ListCommand.Make(masters),
            ItemsCommand.Make(masters),
            RevokeCommand.Make(masters),
            MastersCommand.Make(masters),
        };
        masters.AddTo(command);
        return command.Parse(arguments).InvokeAsync();
    }
}
