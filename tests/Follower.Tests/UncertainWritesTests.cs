using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Writes that a master may have made: nothing that is answered later says that they were not.</summary>
public sealed class UncertainWritesTests : IDisposable
{
    private readonly LyingMaster _master = new();
    private readonly TestFollower _test;

    public UncertainWritesTests() => _test = new TestFollower(_master.Address);

    [Theory]
    [InlineData(SessionStatus.Unsupported, SessionStatus.TimedOut)]
    [InlineData(SessionStatus.StoreFull, SessionStatus.TimedOut)]
    [InlineData(SessionStatus.NotLeader, SessionStatus.TimedOut)]
    [InlineData(SessionStatus.Overloaded, SessionStatus.TimedOut)]
    [InlineData(SessionStatus.SessionExpired, SessionStatus.SessionExpired)]
    public void A_write_whose_answer_got_lost_is_not_undone_by_a_refusal_of_its_copy(SessionStatus refusal, SessionStatus told)
    {
        ulong epoch = _test.Create().Epoch;
        _master.OnSetItem = (count, context) => count > 1 ? throw LyingMaster.Refusal(refusal) : Lose(context);

        SessionException failure = Set(epoch, timeoutMs: 800);

        Assert.True(failure is { IsOutcomeUnknown: true } && failure.Status == told, $"{failure.Status}: {failure.Message}");
        Assert.Contains(refusal.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.True(_master.Sets > 1);
    }

    [Fact]
    public void What_a_master_answers_to_every_copy_of_a_write_is_told()
    {
        ulong epoch = _test.Create().Epoch;
        _master.OnSetItem = (count, context) =>
            count > 1 ? throw LyingMaster.Refusal(SessionStatus.RevisionMismatch) : Lose(context);

        Assert.Equal(SessionStatus.RevisionMismatch, Set(epoch, timeoutMs: 20_000).Status);
    }

    [Fact]
    public void An_attempt_that_the_time_out_cut_short_leaves_open_what_the_one_before_was_refused()
    {
        ulong epoch = _test.Create().Epoch;
        _master.OnSetItem = (count, context) => count > 1
            ? Task.Delay(-1, context.CancellationToken)
            : throw LyingMaster.Refusal(SessionStatus.Overloaded, retryAfterMs: 5000);

        SessionException failure = Set(epoch, timeoutMs: 600);

        Assert.Equal((SessionStatus.TimedOut, true), (failure.Status, failure.IsOutcomeUnknown));
    }

    [Fact]
    public void A_write_that_is_cancelled_when_its_answer_is_lost_is_left_open()
    {
        ulong epoch = _test.Create().Epoch;
        using CancellationTokenSource cancel = new();
        _master.OnSetItem = (_, context) =>
        {
            cancel.Cancel();
            return Lose(context);
        };

        OperationCanceledException ended = Assert.ThrowsAny<OperationCanceledException>(() => Eventually.HasEnded(
            _test.Follower.SetItemAsync(epoch, "k", new byte[1], timeoutMs: 20_000, cancellationToken: cancel.Token)));

        Assert.True(Assert.IsType<SessionException>(ended.InnerException).IsOutcomeUnknown);
    }

    [Fact]
    public void A_create_whose_answer_got_lost_is_left_open_by_a_refusal_of_its_copy()
    {
        int creates = 0;
        _master.OnCreate = _ => throw (Interlocked.Increment(ref creates) == 1
            ? new RpcException(new Status(StatusCode.Unavailable, "the answer got lost"))
            : LyingMaster.Refusal(SessionStatus.TooManySessions));

        SessionException failure = Assert.Throws<SessionException>(() => _test.Create());

        Assert.Equal((SessionStatus.TooManySessions, true), (failure.Status, failure.IsOutcomeUnknown));
        Assert.Equal(2, creates);
    }

    [Fact]
    public void A_create_that_is_refused_has_done_nothing()
    {
        _master.OnCreate = _ => throw LyingMaster.Refusal(SessionStatus.TooManySessions);

        Assert.False(Assert.Throws<SessionException>(() => _test.Create()).IsOutcomeUnknown);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }

    private SessionException Set(ulong epoch, uint timeoutMs) =>
        Assert.Throws<SessionException>(() => _test.Follower.SetItem(epoch, "k", new byte[1], timeoutMs: timeoutMs));

    /// <summary>It was carried out, and the connection broke under the answer.</summary>
    private static Task Lose(ServerCallContext context)
    {
        context.GetHttpContext().Abort();
        return Task.CompletedTask;
    }
}
