using System;
using System.Linq;
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

    /// <summary>Where it is thrown at: a few questions for the time are a turn of it, and what follows is what mends the first throw.</summary>
    [Theory]
    [InlineData("sessions-commit", 1, true)]
    [InlineData("sessions-commit", 2, true)]
    [InlineData("sessions-lead", 1, true)]
    [InlineData("sessions-lead", 2, true)]
    [InlineData("sessions-lead", 3, true)]
    [InlineData("sessions-check", 1, false)]
    public async Task A_thread_that_is_thrown_at_goes_on_and_what_it_leaves_is_begun_anew(string thread, int times, bool isBegunAnew)
    {
        foreach (int after in (int[])[0, 1, 2, 5])
        {
            RecordedLog log = new();
            ThrowingTime time = new(thread);
            using RunningMaster running = new(time: time, loggers: log);
            Wire.SessionKey key = await running.Client.CreateKeyAsync("one", TermMs);
            using RenewalStream stream = running.Client.OpenStream();
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

            time.FailTheClock(after, times);

            await Eventually.IsTrueAsync(() => log.Of(LogLevel.Critical).Count > 0, "logged");
            if (isBegunAnew)
            {
                await Eventually.IsTrueAsync(() => log.Of(LogLevel.Information).Count(IsBeginning) > 1, "begun anew");
            }

            await ServedAgain.AwaitAsync(running.Client, key, stream, TermMs);
            Assert.All(log.Of(LogLevel.Critical), line => Assert.StartsWith($"thread {thread} met", line, StringComparison.Ordinal));
            // What is thrown at the mending is no other defect.
            Assert.InRange(log.Of(LogLevel.Critical).Count, 1, times);
        }
    }

    private static bool IsBeginning(string line) => line.StartsWith("leads with master epoch", StringComparison.Ordinal);

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

        await ServedAgain.AwaitAsync(running.Client, key, stream, TermMs);
        Assert.Empty(log.Of(LogLevel.Critical));
    }
}
