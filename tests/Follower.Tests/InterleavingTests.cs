using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Close, loss, creation by the host and by the follower itself, at random moments and at the same time.</summary>
public sealed class InterleavingTests
{
    [Theory]
    [InlineData(RecreatePolicy.Never)]
    [InlineData(RecreatePolicy.AfterLoss)]
    public void Every_created_session_is_lost_once_before_the_next_is_created_whatever_meets(RecreatePolicy recreate)
    {
        using RunningMaster master = new(new History());
        for (int seed = 0; seed < 30; seed++)
        {
            Random random = new(seed);
            using TestFollower test = new(
                new FollowerManagerOptions { Endpoints = [master.Address] }, identity: $"cs-{recreate}-{seed}", recreate: recreate);
            Task host = Eventually.OnOwnThread(() => Create(test, random.Next(1, 6)));
            int revocations = random.Next(0, 6);
            int pauseMs = random.Next(0, 15);
            Task op = Eventually.OnOwnThread(() => Revoke(master, test, revocations, pauseMs));
            Task closing = Eventually.OnOwnThread(() =>
            {
                Task.Delay(seed * 7 % 90).Wait();
                test.Manager.Close();
            });
            Eventually.HasEnded(host);
            Eventually.HasEnded(op);
            Eventually.HasEnded(closing);

            AssertOrder(test, seed);
        }

        Eventually.IsTrue(() => master.Sessions.Length == 0, "all given back");
    }

    private static void Create(TestFollower test, int times)
    {
        for (int i = 0; i < times; i++)
        {
            try
            {
                test.Create();
            }
            catch (SessionException)
            {
                // It exists, was lost meanwhile, or the follower is closed.
            }
        }
    }

    private static void Revoke(RunningMaster master, TestFollower test, int times, int pauseMs)
    {
        for (int i = 0; i < times; i++)
        {
            Task.Delay(pauseMs).Wait();
            SessionInfo session = test.Follower.Session;
            try
            {
                master.Master.RevokeSession(session.SessionId, session.Epoch, "at random");
            }
            catch (SessionException)
            {
                // There is none.
            }
        }
    }

    private static void AssertOrder(TestFollower test, int seed)
    {
        string[] told = [.. test.Told];
        List<ulong> created = [];
        ulong? held = null;
        foreach (string[] words in told.Select(what => what.Split(' ')).Where(words => words[0] is "created" or "lost"))
        {
            ulong epoch = ulong.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
            string history = $"seed {seed}: {string.Join(", ", told)}";
            if (words[0] == "created")
            {
                Assert.True(held == null, history);
                Assert.True(created.Count == 0 || epoch > created[^1], history);
                created.Add(epoch);
                held = epoch;
            }
            else
            {
                Assert.True(held == epoch, history);
                held = null;
            }
        }

        Assert.True(held == null, $"seed {seed}: {held} was never told as lost");
        Assert.DoesNotContain(told, what => what.StartsWith("two callbacks", StringComparison.Ordinal));
    }
}
