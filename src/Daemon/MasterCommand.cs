using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Daemon.Http;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon;

/// <summary>The command line of session-master.</summary>
internal sealed class MasterCommand : RootCommand
{
    private readonly StoreFlags _store = new();
    private readonly Flags<HttpOptions> _http = new(HttpSettings.All);
    private readonly Flags<LogOptions> _log = new(LogSettings.All);
    private readonly Flags<SessionMasterOptions> _more = new(MasterSettings.All.Where(setting => setting != MasterSettings.Store));

    internal MasterCommand()
        : base(
            "Serves sessions to chunk servers, from --store or --etcd. Stops cleanly on SIGTERM, and lets another master " +
            "lead; sessions stay in the store.")
    {
        Subcommands.Add(TransferCommands.Create());
        Subcommands.Add(CheckCommand.Make());
        Subcommands.Add(SalvageCommand.Make());
        Subcommands.Add(CompletionCommand.Make("session-master"));
        Subcommands.Add(TransferCommands.Export());
        Subcommands.Add(TransferCommands.Import());
        _store.AddTo(this);
        _more.AddTo(this);
        _http.AddTo(this);
        _log.AddTo(this);
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

    /// <summary>What to log, and how.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and its words.</exception>
    internal LogOptions ReadLog(ParseResult parsed)
    {
        LogOptions options = new();
        Read(_log, LogSettings.All, parsed, options);
        return options;
    }

    /// <summary>Where to serve HTTP; null: nowhere.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and its limit.</exception>
    internal IPEndPoint? ReadHttp(ParseResult parsed, SessionMasterOptions master)
    {
        HttpOptions options = new();
        Read(_http, HttpSettings.All, parsed, options);
        return HttpSettings.AddressOf(options, master);
    }

    private static void Read<T>(Flags<T> flags, IReadOnlyList<Setting<T>> settings, ParseResult parsed, T options)
        where T : new()
    {
        flags.Read(parsed, options);
        if (settings.SelectMany(setting => setting.ProblemsOf(options, Spelling.CommandLine)).FirstOrDefault() is { } problem)
        {
            throw new SessionException(SessionStatus.InvalidArgument, problem);
        }
    }
}
