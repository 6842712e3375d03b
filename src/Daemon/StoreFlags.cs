using System.CommandLine;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon;

/// <summary>Which store: the flags that all commands share.</summary>
internal sealed class StoreFlags
{
    private readonly Flags<SessionMasterOptions> _file = new([MasterSettings.Store]);
    private readonly Flags<EtcdOptions> _etcd = new(EtcdSettings.All);

    internal void AddTo(Command command)
    {
        _file.AddTo(command);
        _etcd.AddTo(command);
    }

    internal void Read(ParseResult parsed, SessionMasterOptions options)
    {
        _file.Read(parsed, options);
        EtcdOptions etcd = new();
        _etcd.Read(parsed, etcd);
        options.Etcd = etcd.Endpoints.Length > 0 ? etcd : null;
    }

    /// <summary>The options of a command that only needs the store.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and its limit.</exception>
    internal SessionMasterOptions Read(ParseResult parsed)
    {
        SessionMasterOptions options = new();
        Read(parsed, options);
        options.ValidateStore(Spelling.CommandLine);
        return options;
    }
}
