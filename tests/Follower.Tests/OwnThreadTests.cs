using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What the product's threads have in common: none of them ends with what no code expected.</summary>
public sealed class OwnThreadTests
{
    private const string Name = "sessions-test";

    [Fact]
    public void A_thread_goes_on_until_its_last_round_also_if_nobody_can_be_told_what_it_met()
    {
        int rounds = 0;
        int told = 0;
        Thread thread = OwnThread.New(Name, Round, Tell);
        thread.StartOrRefuse();

        Assert.True(thread.Join(Eventually.Patience), "ended");
        Assert.Equal((4, 3), (rounds, told));

        bool Round() => ++rounds < 4 ? throw new InvalidOperationException("a defect") : false;

        void Tell(Exception unexpected)
        {
            told++;
            throw new InsufficientMemoryException();
        }
    }

    [Fact]
    public void A_thread_that_fails_in_each_round_has_few_lines_in_a_log_and_takes_none_from_another_thread()
    {
        History log = new();
        for (int i = 0; i < 100; i++)
        {
            LastCatch.Tell(log, Name, new InvalidOperationException("a defect"));
        }

        Assert.Equal(Limits.LogLinesAtOnce, log.Logged.Length);
        LastCatch.Tell(log, "sessions-other", new InvalidOperationException("a defect"));
        Assert.StartsWith("thread sessions-other met", log.Logged[^1].Message, StringComparison.Ordinal);
        Assert.All(log.Logged, line => Assert.Equal((LogLevel.Critical, 1047), (line.Level, line.Id)));
    }

    [Fact]
    public void A_callback_whose_failure_cannot_be_told_keeps_no_other_from_being_run()
    {
        History log = new();
        using ManualResetEventSlim ran = new();
        CallbackThread callbacks = new("sessions-call", _ => throw new InvalidOperationException("of the host's log"), LastCatch.To(log));

        callbacks.Post(() => throw new InvalidOperationException("of the host's callback"));
        callbacks.Post(ran.Set);

        Eventually.IsSet(ran, "the next callback");
        callbacks.End();
        Assert.True(callbacks.Join((int)Eventually.Patience.TotalMilliseconds), "ended");
        Assert.StartsWith("thread sessions-call met", Assert.Single(log.Logged).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_end_is_told_to_whoever_waits_for_it_as_it_came(bool fails)
    {
        Ending ending = new("sessions-stop", () =>
        {
            if (fails)
            {
                throw new InvalidOperationException("a defect");
            }
        });
        Task end = Eventually.OnOwnThread(() => Assert.True(ending.Wait(Timeout.Infinite)));
        if (fails)
        {
            Assert.Throws<InvalidOperationException>(() => Eventually.HasEnded(end));
        }
        else
        {
            Eventually.HasEnded(end);
        }
    }
}
