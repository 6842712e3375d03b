using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Renewals wait for nobody else's bytes.</summary>
public sealed class NarrowPathTests
{
    private const int Writers = 4;

    /// <summary>Six times what an item needs: over one connection a renewal would wait for all writers' bytes.</summary>
    private const uint TermMs = 3000;
    private const int BytesPerSecond = 256 * 1024;

    [Fact]
    public void Large_items_on_a_narrow_path_keep_no_renewal_waiting()
    {
        using RunningMaster master = new(new History(), options =>
        {
            options.TermMs = options.MaxTermMs = TermMs;
            options.MaxItemBytes = Limits.MaxItemBytes;
            options.MaxSessionBytes = Limits.MaxSessionBytes;
        });
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.CreateAndRenew();
        proxy.BytesPerSecond = BytesPerSecond;

        // Each alone takes two seconds, all together eight.
        byte[] value = new byte[Limits.MaxItemBytes / 2];
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(i => Eventually.OnOwnThread(
            () => test.Follower.SetItem(session.Epoch, $"k{i}", value, timeoutMs: 60_000)))];
        Task.WaitAll(writing, TimeSpan.FromSeconds(60));

        Assert.All(writing, task => Assert.True(task.IsCompletedSuccessfully, $"{task.Exception}"));
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }
}
