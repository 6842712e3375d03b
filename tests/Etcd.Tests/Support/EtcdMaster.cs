using System;
using System.Threading.Tasks;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Etcd.Tests.Support;

/// <summary>A master on etcd, on any port, and a client that speaks to it.</summary>
internal sealed class EtcdMaster : IDisposable
{
    internal EtcdMaster(EtcdOptions etcd, Action<SessionMasterOptions>? configure = null, bool isLeader = true,
        ILoggerFactory? loggers = null, BootTime? time = null)
    {
        Hooks.OnCheckLeader = () => new LeaderAnswer(isLeader);
        int port = Ports.Free(1)[0];
        SessionMasterOptions options = new()
        {
            Insecure = Insecure.Loopback,
            ListenAddress = $"127.0.0.1:{port}",
            Etcd = etcd,
            CreateStore = true,
            MaxTermMs = 10_000,
        };
        configure?.Invoke(options);
        Master = SessionMaster.Start(options, Hooks, loggers ?? NullLoggerFactory.Instance, time: time);
        Client = new MasterClient(Master.Port);
    }

    internal RecordingAccessManager Hooks { get; } = new();

    internal SessionMaster Master { get; }

    internal MasterClient Client { get; }

    internal string Address => $"127.0.0.1:{Master.Port}";

    internal Task LeadsAsync() => Eventually.IsTrueAsync(() => Master.Leads, $"led by {Address}");

    public void Dispose()
    {
        Client.Dispose();
        Master.Stop();
    }
}
