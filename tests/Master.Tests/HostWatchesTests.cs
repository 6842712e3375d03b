using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>What a .NET host watches at its own master.</summary>
public sealed class HostWatchesTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_host_hears_of_its_sessions_until_it_has_enough()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        using CancellationTokenSource patience = new(Eventually.Patience);
        List<SessionEventKind> told = [];

        await foreach (SessionEvent said in _running.Master.WatchAsync(cancellationToken: patience.Token))
        {
            told.Add(said.Kind);
            if (said.Kind == SessionEventKind.StateEnds)
            {
                await _running.Client.CloseAsync(key);
            }

            if (said.Kind == SessionEventKind.Ended)
            {
                break;
            }
        }

        Assert.Equal(
            [SessionEventKind.StateBegins, SessionEventKind.Created, SessionEventKind.StateEnds, SessionEventKind.Progress, SessionEventKind.Ended],
            told.Where((kind, i) => kind != SessionEventKind.Progress || told[i - 1] != SessionEventKind.Progress));
    }

    [Fact]
    public async Task Its_own_token_and_the_end_of_the_master_end_it()
    {
        using CancellationTokenSource enough = new();
        Task cancelled = DrainAsync(_running.Master.WatchAsync(cancellationToken: enough.Token));
        Task stopped = DrainAsync(_running.Master.WatchAsync());
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Eventually.Patience));

        _running.Restart();

        SessionException end = await Assert.ThrowsAsync<SessionException>(() => stopped.WaitAsync(Eventually.Patience));
        Assert.Contains(end.Status, (SessionStatus[])[SessionStatus.Cancelled, SessionStatus.NotLeader]);
    }

    [Fact]
    public async Task What_is_forgotten_comes_as_a_difference_unless_the_host_does_not_want_it()
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        WatchOptions late = new() { AfterRevision = 1 };
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(
            () => DrainAsync(_running.Master.WatchAsync(late with { Resynchronizes = false }, patience.Token)));
        Assert.Equal(SessionStatus.Compacted, refusal.Status);

        await foreach (SessionEvent said in _running.Master.WatchAsync(late, patience.Token))
        {
            Assert.Equal(SessionEventKind.StateBegins, said.Kind);
            break;
        }
    }

    private static async Task DrainAsync(IAsyncEnumerable<SessionEvent> watch)
    {
        await foreach (SessionEvent said in watch)
        {
            Assert.NotEqual(SessionEventKind.None, said.Kind);
        }
    }
}
