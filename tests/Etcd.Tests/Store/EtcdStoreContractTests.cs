using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>What every store promises, of a real etcd.</summary>
public sealed class EtcdStoreContractTests(OneNode etcd) : ProductStoreContract
{
    private readonly EtcdOptions _options = etcd.NewOptions();

    protected override IStoreMaster Open() => new StoreMaster(etcd.Port, _options);

    protected override void Depose(IStoreMaster former) => ((StoreMaster)former).GiveUp();

    protected override Action Copy()
    {
        using Contender reader = new(_options);
        RangeResponse kept = reader.Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new RangeRequest { Key = Start(reader), RangeEnd = EtcdKeys.EndOf(Start(reader)) }, headers, null, cancellation),
            5000, default);
        return () =>
        {
            using Contender operation = new(_options);
            operation.DeleteAll();
            foreach (Mvccpb.KeyValue pair in kept.Kvs)
            {
                operation.Connection.Ask(
                    (client, headers, cancellation) => client.Put(
                        new PutRequest { Key = pair.Key, Value = pair.Value }, headers, null, cancellation),
                    5000, default);
            }
        };
    }

    protected override void CommitInDoubt(IStoreMaster master, IReadOnlyList<StoreChange> changes, ulong revision) =>
        ((StoreMaster)master).CommitInDoubt(changes, revision);

    protected override void EndDoubt(IStoreMaster master) => ((StoreMaster)master).EndDoubt();

    protected override void Release()
    {
        // etcd is every test's.
    }

    private static ByteString Start(Contender contender) => ByteString.CopyFromUtf8(contender.Connection.Keys.Prefix + "/");

    /// <summary>A master with a way to etcd of its own.</summary>
    private sealed class StoreMaster : IStoreMaster
    {
        private readonly TcpProxy _way;
        private readonly Contender _contender;

        internal StoreMaster(int port, EtcdOptions options)
        {
            _way = new TcpProxy(port);
            _contender = new Contender(options with { Endpoints = _way.Address });
        }

        public StoreSnapshot Lead(LeadRequest request)
        {
            // A predecessor that could not say that it goes has its term.
            Stopwatch watch = Stopwatch.StartNew();
            while (!_contender.Leadership.TryWin())
            {
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"after {watch.Elapsed}: not yet won");
                Thread.Sleep(20);
            }

            return _contender.Store.Lead(request);
        }

        public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) => _contender.Store.Commit(changes, revision);

        public void Leave() => GiveUp();

        internal void GiveUp() => _contender.Leadership.GiveUp();

        /// <summary>The request arrives, and no answer: it is asked for again until nobody waits any more.</summary>
        internal void CommitInDoubt(IReadOnlyList<StoreChange> changes, ulong revision)
        {
            _way.DropsAnswers = true;
            using Timer patience = new(_ => _contender.Abandon(), null, Limits.EtcdRequestMs / 2, Timeout.Infinite);
            Commit(changes, revision);
        }

        internal void EndDoubt()
        {
            _way.DropsAnswers = false;
            _way.Cut();
            _way.Restore();
            GiveUp();
        }

        public void Dispose()
        {
            _contender.Dispose();
            _way.Dispose();
        }
    }
}
