using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Follower.Threads;
using Interop.Sessions.Protocol;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Threads;

/// <summary>Changes of state that wait for a callback that hangs.</summary>
public sealed class StateNewsTests : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly ManualResetEventSlim _hangs = new();
    private readonly List<ulong> _told = [];
    private readonly CallbackThread _thread = new("test-callback", error => Assert.Fail(error.ToString()));
    private readonly StateNews _news;

    public StateNewsTests()
    {
        _news = new StateNews(_thread, info => _told.Add(info.MasterEpoch));
        _thread.Post(() =>
        {
            _hangs.Set();
            _release.Wait(Eventually.Patience);
        });
        Assert.True(_hangs.Wait(Eventually.Patience));
    }

    public void Dispose()
    {
        _release.Dispose();
        _hangs.Dispose();
    }

    [Fact]
    public void However_many_there_are_few_wait_and_the_host_hears_the_first_and_the_last()
    {
        PostAll(1, 10_000);
        Release();
        Assert.Equal([.. Numbers(1, Limits.MaxWaitingStateChanges - 1), 10_000UL], _told);
    }

    [Fact]
    public void All_are_told_that_a_callback_keeps_up_with()
    {
        PostAll(1, Limits.MaxWaitingStateChanges);
        Release();
        Assert.Equal(Numbers(1, Limits.MaxWaitingStateChanges), _told);
    }

    [Fact]
    public void What_comes_after_something_else_is_told_after_it()
    {
        PostAll(1, 1000);
        _news.Break();
        _thread.Post(() => _told.Add(0));
        PostAll(1001, 2000);
        Release();
        Assert.Equal([.. Numbers(1, Limits.MaxWaitingStateChanges - 1), 1000UL, 0UL, 2000UL], _told);
    }

    private static IEnumerable<ulong> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => (ulong)number);

    private void PostAll(int first, int last)
    {
        foreach (ulong number in Numbers(first, last))
        {
            _news.Post(new SessionInfo { MasterEpoch = number });
        }
    }

    private void Release()
    {
        _release.Set();
        _thread.End();
        _thread.Join();
    }
}
