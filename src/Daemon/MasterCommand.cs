using System.CommandLine;
using System.Linq;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon;

/// <summary>The command line of session-master.</summary>
internal sealed class MasterCommand : RootCommand
{
    private readonly StoreFlags _store = new();
    private readonly Flags<SessionMasterOptions> _more = new(MasterSettings.All.Where(setting => setting != MasterSettings.Store));

    internal MasterCommand()
        : base(
            "Serves sessions to chunk servers, from --store or --etcd. Stops cleanly on SIGTERM, and lets another master " +
            "lead; sessions stay in the store.")
    {
        Subcommands.Add(TransferCommands.Create());
        Subcommands.Add(CheckCommand.Make());
        Subcommands.Add(TransferCommands.Export());
        Subcommands.Add(TransferCommands.Import());
        _store.AddTo(this);
        _more.AddTo(this);
    }

    /// <exception cref="SessionException">InvalidArgument, naming the flag and its limit.</exception>
    internal SessionMasterOptions Read(ParseResult parsed)
    {
        SessionMasterOptions options = new() { ReturnsMemory = true };
        _store.Read(parsed, options);
        _more.Read(parsed, options);
        options.Validate(Spelling.CommandLine);
        return options;
    }
}
