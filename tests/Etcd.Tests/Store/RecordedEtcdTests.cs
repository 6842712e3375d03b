using System.Linq;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Tests.Recorded;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>On the keys and values that a recorded release left in etcd, a master of today leads.</summary>
public sealed class RecordedEtcdTests(OneNode etcd)
{
    public static TheoryData<string> Releases => RecordedFolder.Releases;

    [Theory]
    [MemberData(nameof(Releases))]
    public void Its_prefix_is_led_on(string release)
    {
        RecordedFolder folder = RecordedFolder.Of(release);
        EtcdOptions options = etcd.NewOptions();
        using Contender leader = new(options);
        foreach (string[] row in RecordedFolder.Read(folder.Etcd))
        {
            leader.Connection.Ask(
                (client, headers, cancellation) => client.Put(
                    new PutRequest { Key = ByteString.CopyFromUtf8(options.Prefix + row[0]), Value = ByteString.CopyFromUtf8(row[1]) },
                    headers, null, cancellation),
                5000, default);
        }

        StoreSnapshot loaded = leader.Lead();
        StoreChange[] content = [.. loaded.Content];
        ContentText.AssertSame(
            RecordedFolder.Read(folder.Content), loaded with { Revision = loaded.FormerRevision, Content = content });
        leader.Store.Commit(
            [.. content.OfType<StoreChange.PutSession>().Select(put => new StoreChange.RemoveSession(put.Key.SessionId, put.Key.Epoch))],
            loaded.Revision + 1);
        leader.Leadership.GiveUp();
        Assert.Equal(content.Where(put => put is StoreChange.PutEnd or StoreChange.PutDrain), leader.Lead().Content);
    }
}
