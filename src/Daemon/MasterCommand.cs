using System.CommandLine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon;

/// <summary>The command line of session-master.</summary>
internal sealed class MasterCommand : RootCommand
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Where to listen, host:port; a numeric host or localhost; port 0: any.",
        DefaultValueFactory = _ => "127.0.0.1:7070",
    };

    private readonly Option<string> _advertise = new("--advertise")
    {
        Description = "Where followers reach this master, host:port, as the others tell them; without it: --listen.",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<uint> _rateBound = new("--clock-rate-bound-ppm")
    {
        Description = "Bound on the rate error of the clocks that a leadership is measured by, in parts per million.",
        DefaultValueFactory = _ => Limits.DefaultClockRateBoundPpm,
    };

    private readonly StoreOptions _store = new();

    private readonly Option<bool> _create = new("--create")
    {
        Description = "A store that is missing or empty shall be a new cluster; without it, that is refused.",
    };

    private readonly Option<uint> _term = Milliseconds(
        "--term-ms", "The lease term of a follower without a wish.", Limits.DefaultTermMs);

    private readonly Option<uint> _minTerm = Milliseconds(
        "--min-term-ms", "The shortest term granted.", Limits.DefaultMinTermMs);

    private readonly Option<uint> _maxTerm = Milliseconds(
        "--max-term-ms", "The longest term granted, by wish or under load.", Limits.DefaultMaxTermMs);

    private readonly Option<uint> _maxRenewals = Count(
        "--max-renewals-per-second", "Renewals beyond which all terms are lengthened.",
        Limits.DefaultMaxRenewalsPerSecond);

    private readonly Option<uint> _maxSessions = Count(
        "--max-sessions", "Sessions at the same time.", Limits.DefaultMaxSessions);

    private readonly Option<uint> _maxItems = Count(
        "--max-items-per-session", "Items of a session.", Limits.DefaultMaxItemsPerSession);

    private readonly Option<uint> _maxItemBytes = Count(
        "--max-item-bytes", "Bytes of an item's value.", Limits.DefaultMaxItemBytes);

    private readonly Option<ulong> _maxSessionBytes = new("--max-session-bytes")
    {
        Description = "Bytes of a session's keys and values.",
        DefaultValueFactory = _ => Limits.DefaultMaxSessionBytes,
    };

    private readonly Option<uint> _maxAccessPoints = Count(
        "--max-access-points-per-identity", "Objects with an access point that one identity asked for first.",
        Limits.DefaultMaxAccessPointsPerIdentity);

    private readonly Option<ulong> _storeMaxBytes = new("--store-max-bytes")
    {
        Description = "Bytes of the store; 0: what the disk holds.",
        DefaultValueFactory = _ => 0,
    };

    internal MasterCommand()
        : base(
            "Serves sessions to chunk servers, from --store or --etcd. Stops cleanly on SIGTERM, and lets another master " +
            "lead; sessions stay in the store.")
    {
        Subcommands.Add(TransferCommands.Create());
        Subcommands.Add(CheckCommand.Make());
        Subcommands.Add(TransferCommands.Export());
        Subcommands.Add(TransferCommands.Import());
        Options.Add(_listen);
        Options.Add(_advertise);
        _store.AddTo(this);
        Options.Add(_create);
        Options.Add(_rateBound);
        Options.Add(_term);
        Options.Add(_minTerm);
        Options.Add(_maxTerm);
        Options.Add(_maxRenewals);
        Options.Add(_maxSessions);
        Options.Add(_maxItems);
        Options.Add(_maxItemBytes);
        Options.Add(_maxSessionBytes);
        Options.Add(_maxAccessPoints);
        Options.Add(_storeMaxBytes);
    }

    internal SessionMasterOptions Read(ParseResult parsed) => _store.Read(parsed) with
    {
        CreateStore = parsed.GetValue(_create),
        ListenAddress = parsed.GetRequiredValue(_listen),
        AdvertiseAddress = parsed.GetRequiredValue(_advertise),
        ClockRateBoundPpm = parsed.GetRequiredValue(_rateBound),
        TermMs = parsed.GetResult(_term) is { Implicit: false } ? parsed.GetRequiredValue(_term) : 0,
        MinTermMs = parsed.GetRequiredValue(_minTerm),
        MaxTermMs = parsed.GetRequiredValue(_maxTerm),
        MaxRenewalsPerSecond = parsed.GetRequiredValue(_maxRenewals),
        MaxSessions = parsed.GetRequiredValue(_maxSessions),
        MaxItemsPerSession = parsed.GetRequiredValue(_maxItems),
        MaxItemBytes = parsed.GetRequiredValue(_maxItemBytes),
        MaxSessionBytes = parsed.GetRequiredValue(_maxSessionBytes),
        MaxAccessPointsPerIdentity = parsed.GetRequiredValue(_maxAccessPoints),
        StoreMaxBytes = parsed.GetRequiredValue(_storeMaxBytes),
    };

    private static Option<uint> Milliseconds(string name, string what, uint defaultValue) => new(name)
    {
        Description = what,
        HelpName = "milliseconds",
        DefaultValueFactory = _ => defaultValue,
    };

    private static Option<uint> Count(string name, string what, uint defaultValue) => new(name)
    {
        Description = what,
        HelpName = "count",
        DefaultValueFactory = _ => defaultValue,
    };
}
