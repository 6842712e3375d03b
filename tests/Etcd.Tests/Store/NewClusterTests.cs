using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>A prefix without a state is a new cluster only when asked for, and damage where sessions are below it.</summary>
public sealed class NewClusterTests(OneNode etcd) : IDisposable
{
    private readonly EtcdOptions _options = etcd.NewOptions();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_prefix_without_a_state_is_refused_with_the_way_out()
    {
        using Contender leader = new(_options, mayCreate: false);
        SessionException refusal = Assert.Throws<SessionException>(() => leader.Lead());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.All(
            [_options.Prefix, "missing", "new cluster", "--create"],
            words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Sessions_without_a_state_are_damage_also_when_a_new_cluster_was_asked_for()
    {
        using (Contender first = new(_options))
        {
            first.Lead();
            first.Store.Commit([Changes.Session(1, 1, "one")], 1);
            first.Connection.Ask(
                (client, headers, cancellation) => client.Delete(
                    new Etcdserverpb.DeleteRangeRequest { Key = first.Connection.Keys.State }, headers, null, cancellation),
                Limits.EtcdRequestMs, default);
        }

        using Contender next = new(_options);
        SessionException refusal = Assert.Throws<SessionException>(() => next.Lead());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(_options.Prefix, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_makes_a_store_by_its_own_command_once()
    {
        string[] create = [DaemonProcess.Program, "create", "--etcd", _options.Endpoints, "--etcd-insecure", "loopback", "--etcd-prefix", _options.Prefix];
        (int exitCode, string errors) = await DaemonProcess.EndAsync(create);
        Assert.True(exitCode == 0, errors);
        (exitCode, errors) = await DaemonProcess.EndAsync(create);
        Assert.Equal(1, exitCode);
        Assert.Contains("exists already", errors, StringComparison.Ordinal);
        using Contender leader = new(_options, mayCreate: false);
        Assert.Empty(leader.Lead().Content);
    }

    [Fact]
    public async Task What_was_damaged_by_hand_is_named_and_a_salvage_lets_a_master_begin()
    {
        using (Contender first = new(_options))
        {
            ulong revision = first.Lead().Revision;
            first.Store.Commit(
                [
                    Changes.Session(1, 1, "one"), Changes.Item(1, "orphan", 1), Changes.Session(2, 2, "two"),
                    Changes.Item(2, "kept", 2),
                ],
                revision + 1);
            EtcdKeys keys = first.Connection.Keys;
            first.Connection.Ask(
                (client, headers, cancellation) => client.Delete(
                    new Etcdserverpb.DeleteRangeRequest { Key = ByteString.CopyFromUtf8(keys.SessionOf(1, 1)) }, headers, null,
                    cancellation),
                Limits.EtcdRequestMs, default);
            first.Connection.Ask(
                (client, headers, cancellation) => client.Put(
                    new Etcdserverpb.PutRequest
                    {
                        Key = ByteString.CopyFromUtf8(keys.ItemOf(2, "nonsense")),
                        Value = ByteString.CopyFromUtf8("nonsense"),
                    },
                    headers, null, cancellation),
                Limits.EtcdRequestMs, default);
        }

        string[] check =
            [DaemonProcess.Program, "check", "--etcd", _options.Endpoints, "--etcd-insecure", "loopback", "--etcd-prefix", _options.Prefix];
        (int exitCode, string said) = await Shell.RunAsync(check[0], check[1..]);
        Assert.Equal(1, exitCode);
        Assert.Contains("'orphan'", said, StringComparison.Ordinal);
        Assert.Contains("items/nonsense", said, StringComparison.Ordinal);

        string aside = _directory.File("aside.jsonl");
        (exitCode, said) = await Shell.RunAsync(check[0], [.. check[1..], "--salvage", aside]);
        Assert.True(exitCode == 0, said);
        Assert.Equal(2, File.ReadAllLines(aside).Length);
        using Contender next = new(_options, mayCreate: false);
        StoreSnapshot lead = next.Lead();
        // Whose session is gone may live: no identity is given to another before that is over.
        Assert.True(lead.IsRestored);
        StoreChange[] kept = [.. lead.Content];
        Assert.Equal("two", Assert.Single(kept.OfType<StoreChange.PutSession>()).Description.Identity);
        Assert.Equal("kept", Assert.Single(kept.OfType<StoreChange.PutItem>()).Key);
    }
}
