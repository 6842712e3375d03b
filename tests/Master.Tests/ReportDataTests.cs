using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Data reports.</summary>
public sealed class ReportDataTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_report_reaches_the_host_and_the_next_window_the_follower()
    {
        DataReport? seen = null;
        _running.Hooks.OnDataReport = report =>
        {
            seen = report;
            return new ReportWindow(200, 50);
        };
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");

        Wire.ReportWindow next = (await ReportAsync(key, 100, 100, 199, 100, 150)).Next;

        Assert.Equal((200UL, 50U), (next.StartPid, next.ReportSize));
        Assert.Equal((key.SessionId, key.Epoch, "server"), (seen!.SessionId, seen.Epoch, seen.Identity));
        Assert.Equal(new ReportWindow(100, 100), seen.Window);
        Assert.Equal([199UL, 100UL, 150UL], seen.Pids.ToArray());
    }

    [Fact]
    public async Task A_window_may_end_at_the_highest_pid()
    {
        _running.Hooks.OnDataReport = report => report.Window;
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await ReportAsync(key, ulong.MaxValue - 1, 2, ulong.MaxValue, ulong.MaxValue - 1);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => ReportAsync(key, ulong.MaxValue - 1, 10, 3), "pid 3");
    }

    [Fact]
    public async Task Bad_reports_are_refused_before_the_host_sees_them()
    {
        _running.Hooks.OnDataReport = _ => throw new InvalidOperationException("seen");
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => ReportAsync(key, 100, 100, 200), "pid 200", "100 from 100");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => ReportAsync(key, 100, 100, 99), "pid 99");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong,
            () => ReportAsync(key, 0, 100_000, [.. Enumerable.Range(0, Limits.MaxPidsPerReport + 1).Select(pid => (ulong)pid)]),
            "65537", "65536");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument,
            async () => await _running.Client.Sessions.ReportDataAsync(new Wire.ReportDataRequest { Session = key }), "window");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.WrongEpoch, () => ReportAsync(new Wire.SessionKey(key) { Epoch = key.Epoch + 1 }, 0, 1));
    }

    [Fact]
    public async Task A_host_that_takes_no_reports_or_fails_refuses_them()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await MasterClient.AssertRefusedAsync(SessionStatus.ReportRefused, () => ReportAsync(key, 0, 1), "no data reports");
        _running.Hooks.OnDataReport = _ => throw new InvalidOperationException("the host's own defect");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.ReportRefused, () => ReportAsync(key, 0, 1), "the host's own defect");
    }

    private async Task<Wire.ReportDataReply> ReportAsync(Wire.SessionKey key, ulong startPid, uint size, params ulong[] pids)
    {
        Wire.ReportDataRequest request = new()
        {
            Session = key,
            Window = new Wire.ReportWindow { StartPid = startPid, ReportSize = size },
        };
        request.Pids.AddRange(pids);
        return await _running.Client.Sessions.ReportDataAsync(request);
    }
}
