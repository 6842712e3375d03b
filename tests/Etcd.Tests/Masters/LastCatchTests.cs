using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>What nobody expected, on the thread that prolongs a leader's lease.</summary>
public sealed class LastCatchTests(OneNode etcd)
{
    private const uint TermMs = 10_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_lease_ends_and_the_leadership_begins_anew(int after)
    {
        RecordedLog log = new();
        ThrowingTime time = new("sessions-lease");
        using EtcdMaster master = new(etcd.NewOptions(), loggers: log, time: time);
        await master.LeadsAsync();
        Wire.SessionKey key = await master.Client.CreateKeyAsync("one", TermMs);
        using RenewalStream stream = master.Client.OpenStream();

        time.FailTheClock(after, times: 1);

        if (after == 0)
        {
            // Between two requests; one that is thrown at in the middle is only tried again.
            await Eventually.IsTrueAsync(() => log.Of(LogLevel.Critical).Count == 1, "logged");
            await Eventually.IsTrueAsync(() => log.Of(LogLevel.Information).Count(IsBeginning) == 2, "begun anew");
        }

        await ServedAgain.AwaitAsync(master.Client, key, stream, TermMs);
    }

    private static bool IsBeginning(string line) => line.StartsWith("leads with master epoch", StringComparison.Ordinal);

    [Fact]
    public async Task A_wait_without_memory_is_a_pause()
    {
        RecordedLog log = new();
        ThrowingTime time = new("sessions-lease");
        using EtcdMaster master = new(etcd.NewOptions(), loggers: log, time: time);
        await master.LeadsAsync();
        Wire.SessionKey key = await master.Client.CreateKeyAsync("one", TermMs);
        using RenewalStream stream = master.Client.OpenStream();

        time.FailTheWait(3);

        await ServedAgain.AwaitAsync(master.Client, key, stream, TermMs);
        Assert.Empty(log.Of(LogLevel.Critical));
    }
}
