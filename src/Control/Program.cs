using System.CommandLine;
using System.Threading.Tasks;
using Interop.Sessions.CommandLine;

namespace Interop.Sessions.Control;

/// <summary>sessionctl: what operators ask of masters.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        ControlFlags flags = new();
        RootCommand command = new(
            "Lists and watches the sessions of a cluster, their items, their objects and how sessions ended, drains servers, revokes sessions, " +
            "and says how masters stand and which leads.")
        {
            ListCommand.Make(flags),
            ShowCommand.Make(flags),
            ItemsCommand.Make(flags),
            RevokeCommand.Make(flags),
            WatchCommand.Make(flags),
            EventsCommand.Make(flags),
            DrainCommands.MakeDrain(flags),
            DrainCommands.MakeUndrain(flags),
            DrainCommands.MakeDrains(flags),
            AccessPointCommands.MakeWhere(flags),
            AccessPointCommands.MakeAccessPoints(flags),
            MastersCommand.Make(flags),
            StatusCommand.Make(flags),
            ResignCommand.Make(flags),
            CompletionCommand.Make("sessionctl"),
        };
        flags.AddTo(command);
        // An identity may begin with @, and is no file of arguments.
        return command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null }).InvokeAsync();
    }
}
