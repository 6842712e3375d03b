using System.Linq;
using System.Threading.Tasks;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>
/// An etcd that reaches its quota in the middle of writes of others: it carries out the transaction that brings it there, and answers
/// that there is no room.
/// </summary>
public sealed class FullEtcdTests
{
    private const int ItemBytes = 100_000;
    private const int FillerBytes = 300_000;

    [Fact]
    public async Task What_is_told_as_full_is_not_stored_and_what_is_told_as_stored_is()
    {
        for (int round = 0; round < 3; round++)
        {
            using EtcdCluster cluster = new(1, "--quota-backend-bytes=6000000");
            using Contender leader = new(new EtcdOptions { Endpoints = cluster.Endpoints, Insecure = Insecure.Loopback });
            ulong revision = leader.Lead().Revision;
            leader.Store.Commit([Session], ++revision);
            Task[] fillers = [.. Enumerable.Range(0, 4).Select(filler => Task.Run(() => Fill(cluster.Endpoints, filler)))];

            int stored = 0;
            SessionException? failure = null;
            for (; failure == null; stored += failure == null ? 1 : 0)
            {
                failure = Commit(leader, stored, ++revision);
            }

            await Task.WhenAll(fillers);
            Assert.True(failure is { Status: SessionStatus.StoreFull } or { IsOutcomeUnknown: true }, failure.Message);
            long found = leader.Connection.Ask(
                (client, headers, cancellation) => client.Get(Items(leader.Connection.Keys), headers, null, cancellation), 5_000, default).Count;
            Assert.InRange(found, stored, failure.IsOutcomeUnknown ? stored + 1 : stored);
        }
    }

    private static StoreChange.PutSession Session { get; } = new(
        new SessionKey(1, 1, 1), new ServerDescription { Identity = "server" }, 1000, default, false, null);

    private static SessionException? Commit(Contender leader, int number, ulong revision)
    {
        try
        {
            leader.Store.Commit([new StoreChange.PutItem(1, $"item-{number}", new byte[ItemBytes], revision)], revision);
            return null;
        }
        catch (SessionException failure)
        {
            return failure;
        }
    }

    private static RangeRequest Items(EtcdKeys keys)
    {
        ByteString start = ByteString.CopyFromUtf8($"{keys.Prefix}/sessions/{1:x16}/items/");
        return new RangeRequest { Key = start, RangeEnd = EtcdKeys.EndOf(start), CountOnly = true };
    }

    // Others' values, until there is no room for one.
    private static void Fill(string endpoints, int filler)
    {
        using EtcdConnection connection = new(new EtcdOptions { Endpoints = endpoints, Insecure = Insecure.Loopback });
        try
        {
            for (int i = 0; ; i++)
            {
                PutRequest put = new()
                {
                    Key = ByteString.CopyFromUtf8($"/filler/{filler}/{i}"),
                    Value = ByteString.CopyFrom(new byte[FillerBytes]),
                };
                connection.Ask((client, headers, cancellation) => client.Put(put, headers, null, cancellation), 5_000, default);
            }
        }
        catch (SessionException full)
        {
            Assert.Equal(SessionStatus.StoreFull, full.Status);
        }
    }
}
