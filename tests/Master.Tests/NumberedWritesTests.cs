using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>A copy of a write over the wire, before and after a restart of the master: values are compared.</summary>
public sealed class NumberedWritesTests : IDisposable
{
    private readonly RunningMaster _running = new(options => options.MaxTermMs = 60_000);

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_copy_of_a_write_overwrites_nothing(bool isRestarted)
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 60_000);
        ulong first = await SetAsync(key, 1, 1, 1);
        await SetAsync(key, 2, 1, 2);
        if (isRestarted)
        {
            _running.Restart();
        }

        Assert.Equal(first, await SetAsync(key, 1, 1, 1));

        Assert.Equal([2], await ValueAsync(key));
        await SetAsync(key, 3, 3, 3);
        await MasterClient.AssertRefusedAsync(SessionStatus.TimedOut, () => SetAsync(key, 2, 2, 2));
        Assert.Equal([3], await ValueAsync(key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compare_and_a_removal_that_were_made_are_answered_so_when_they_are_repeated(bool isRestarted)
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 60_000);
        Wire.SetItemRequest set = Request(key, 1, 1, 1);
        set.CompareRevision = 0;
        ulong revision = (await _running.Client.Sessions.SetItemAsync(set)).Revision;
        Wire.RemoveItemRequest remove = new()
        {
            Session = key,
            Key = "k",
            CompareRevision = revision,
            Write = new Wire.WriteId { Number = 2, FirstUnfinished = 1 },
        };
        ulong removed = (await _running.Client.Sessions.RemoveItemAsync(remove)).Revision;
        if (isRestarted)
        {
            _running.Restart();
        }

        Assert.Equal(revision, (await _running.Client.Sessions.SetItemAsync(set)).Revision);
        Assert.Equal(removed, (await _running.Client.Sessions.RemoveItemAsync(remove)).Revision);
        Assert.Empty((await _running.Client.ListItemsAsync(key)).Items);
    }

    [Fact]
    public async Task A_copy_of_a_write_of_before_a_re_attach_is_refused()
    {
        Wire.CreateSessionReply created = await _running.Client.CreateAsync("server", 60_000);
        Wire.SessionKey former = MasterClient.KeyOf(created);
        await SetAsync(former, 1, 1, 1);
        Wire.CreateSessionReply again = await _running.Client.Sessions.ReattachSessionAsync(
            MasterClient.Reattach(MasterClient.KeyOf(created), "server"));
        await SetAsync(MasterClient.KeyOf(again), 1, 1, 9);

        await MasterClient.AssertRefusedAsync(SessionStatus.WrongNonce, () => SetAsync(former, 1, 1, 1));

        Assert.Equal([9], await ValueAsync(MasterClient.KeyOf(again)));
    }

    [Fact]
    public async Task The_host_sees_no_report_that_its_follower_has_finished_with()
    {
        int reports = 0;
        _running.Hooks.OnDataReport = report =>
        {
            reports++;
            return report.Window;
        };
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await ReportAsync(1, 1);
        await ReportAsync(2, 2);

        await MasterClient.AssertRefusedAsync(SessionStatus.TimedOut, () => ReportAsync(1, 1));

        Assert.Equal(2, reports);

        async Task ReportAsync(ulong number, ulong firstUnfinished) => await _running.Client.Sessions.ReportDataAsync(
            new Wire.ReportDataRequest
            {
                Session = key,
                Window = new Wire.ReportWindow { ReportSize = 1 },
                Write = new Wire.WriteId { Number = number, FirstUnfinished = firstUnfinished },
            });
    }

    private async Task<ulong> SetAsync(Wire.SessionKey key, ulong number, ulong firstUnfinished, byte value) =>
        (await _running.Client.Sessions.SetItemAsync(Request(key, number, firstUnfinished, value))).Revision;

    private static Wire.SetItemRequest Request(Wire.SessionKey key, ulong number, ulong firstUnfinished, byte value) => new()
    {
        Session = key,
        Key = "k",
        Value = Google.Protobuf.ByteString.CopyFrom(value),
        Write = new Wire.WriteId { Number = number, FirstUnfinished = firstUnfinished },
    };

    private async Task<byte[]> ValueAsync(Wire.SessionKey key) =>
        (await _running.Client.ListItemsAsync(key)).Items.Single().Value.ToByteArray();
}
