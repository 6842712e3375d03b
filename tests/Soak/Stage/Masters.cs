using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Soak.Stage;

/// <summary>All masters: one on SQLite, which speaks mutual TLS, and three on etcd.</summary>
internal sealed class Masters : IDisposable
{
    private const string LeaderTermMs = "2000";

    private readonly EtcdCluster _etcd = new();

    internal Masters(string program, string folder)
    {
        DataFolder = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        Tls = new TestTls(Directory.CreateDirectory(Path.Combine(folder, "tls")).FullName);
        TlsOptions its = Tls.MutualMaster;
        OnSqlite = new MasterBehindProxy(
            program, Path.Combine(folder, "sqlite.log"), "--store", Path.Combine(DataFolder, "sessions.db"), "--tls-ca-file", its.CaFile,
            "--tls-cert-file", its.CertFile, "--tls-key-file", its.KeyFile);
        OnEtcd =
        [
            .. Enumerable.Range(0, 3).Select(i => new MasterBehindProxy(
                program, Path.Combine(folder, $"etcd-{i}.log"), "--etcd", _etcd.Endpoints, "--etcd-insecure", "loopback", "--leader-term-ms", LeaderTermMs)),
        ];
        OnSqlite.AwaitReady();
        Array.ForEach(OnEtcd, master => master.AwaitReady());
    }

    /// <summary>By which the one on SQLite is known. Whoever counts its sessions in the end does without.</summary>
    internal TestTls Tls { get; }

    /// <summary>Where the one on SQLite writes.</summary>
    internal string DataFolder { get; }

    /// <summary>Lives from the beginning to the end.</summary>
    internal MasterBehindProxy OnSqlite { get; }

    /// <summary>The first two live from the beginning to the end; the third is killed and started anew.</summary>
    internal MasterBehindProxy[] OnEtcd { get; }

    internal IEnumerable<string> EtcdAddresses => OnEtcd.Select(master => master.Network.Address);

    public void Dispose()
    {
        OnSqlite.Dispose();
        Array.ForEach(OnEtcd, master => master.Dispose());
        _etcd.Dispose();
    }
}
