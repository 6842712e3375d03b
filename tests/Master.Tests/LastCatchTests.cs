using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>What nobody expected, on a thread of a master: the process lives, no session is lost, and the master serves again.</summary>
public sealed class LastCatchTests
{
    /// <summary>Longer than a leadership needs to be given up and taken again.</summary>
    private const uint TermMs = 60_000;

    [Theory]
    [InlineData("sessions-commit", true)]
    [InlineData("sessions-lead", true)]
    [InlineData("sessions-check", false)]
    public async Task A_thread_that_is_thrown_at_goes_on_and_what_it_leaves_is_begun_anew(string thread, bool isToldOf)
    {
        RecordedLog log = new();
        ThrowingTime time = new(thread);
        using RunningMaster running = new(time: time, loggers: log);
        Wire.SessionKey key = await running.Client.CreateKeyAsync("one", TermMs);
        using RenewalStream stream = running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        time.FailTheClock(2);

        await ServesAsync(running, key, stream);
        Assert.Equal(isToldOf, log.Of(LogLevel.Critical).Count > 0);
    }

    [Theory]
    [InlineData("sessions-commit")]
    [InlineData("sessions-lead")]
    [InlineData("sessions-check")]
    public async Task A_wait_without_memory_is_a_pause(string thread)
    {
        ThrowingTime time = new(thread);
        RecordedLog log = new();
        using RunningMaster running = new(time: time, loggers: log);
        Wire.SessionKey key = await running.Client.CreateKeyAsync("one", TermMs);
        using RenewalStream stream = running.Client.OpenStream();

        time.FailTheWait(3);

        await ServesAsync(running, key, stream);
        Assert.Empty(log.Of(LogLevel.Critical));
    }

    private static async Task ServesAsync(RunningMaster running, Wire.SessionKey key, RenewalStream stream)
    {
        await Eventually.IsTrueAsync(() => running.Master.Leads, "led again");
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        await running.Client.SetItemAsync(key, "k", [1]);
        Assert.True((await running.Client.CreateKeyAsync("two", TermMs)).Epoch > key.Epoch);
    }
}
