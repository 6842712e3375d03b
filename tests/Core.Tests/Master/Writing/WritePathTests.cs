using System;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Writing;

/// <summary>What the one writer does, on a store that takes its time and fails.</summary>
public sealed class WritePathTests
{
    private static readonly SessionException s_failed = new(SessionStatus.StoreFailed, "the disk fails");

    private readonly TestWriter _writer = new();

    [Fact]
    public void Nobody_is_answered_and_nobody_sees_a_change_before_it_is_durable()
    {
        TestOperation create = _writer.Create("server");
        TestOperation count = TestWriter.Count();

        _writer.RunToCommit(create, count);
        Assert.False(create.IsAnswered || count.IsAnswered);

        _writer.StoreAnswers();
        Assert.NotNull(create.Result);
        Assert.Equal(1, count.Result);
    }

    [Fact]
    public void What_waits_is_committed_together()
    {
        TestOperation[] creates = [.. Enumerable.Range(0, 100).Select(i => _writer.Create($"server-{i}"))];
        _writer.Run([.. creates]);
        Assert.All(creates, create => Assert.NotNull(create.Result));
        Assert.Single(_writer.Commits);
    }

    [Fact]
    public void What_only_looks_is_refused_if_the_master_may_not_act_when_the_commit_is_done()
    {
        TestOperation create = _writer.Create("server");
        TestOperation count = TestWriter.Count();
        _writer.RunToCommit(create, count);
        _writer.Acts = false;

        _writer.StoreAnswers();

        Assert.NotNull(create.Result);
        Assert.Equal(SessionStatus.NotLeader, count.Failure?.Status);
    }

    [Fact]
    public void What_changes_nothing_is_answered_by_a_master_that_may_act_alone()
    {
        _writer.Acts = false;
        TestOperation write = new(table => table.Count, isRead: false);
        TestOperation read = TestWriter.Count();
        _writer.Run(write, read);
        Assert.Equal((SessionStatus.NotLeader, SessionStatus.NotLeader), (write.Failure?.Status, read.Failure?.Status));
        Assert.Equal(0, write.Decisions);
        Assert.False(_writer.Path.IsOver);
    }

    [Fact]
    public void A_store_that_cannot_be_seen_is_acted_on_by_nobody()
    {
        _writer.Blindness = "Input/output error";
        TestOperation create = _writer.Create("server");
        _writer.Run(create);
        Assert.Equal(SessionStatus.StoreFailed, create.Failure?.Status);
        Assert.Contains("Input/output error", create.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(0, create.Decisions);
    }

    [Fact]
    public void A_failed_commit_leaves_nothing_behind_and_answers_with_the_stores_status()
    {
        _writer.Failure = _ => new SessionException(SessionStatus.StoreFull, "the disk is full");
        TestOperation create = _writer.Create("server");
        _writer.Run(create);
        Assert.Equal((SessionStatus.StoreFull, "the disk is full"), (create.Failure?.Status, create.Failure?.Message));
        Assert.Equal(0, _writer.Table.Count);

        _writer.Failure = _ => null;
        TestOperation again = _writer.Create("server");
        _writer.Run(again);
        Assert.NotNull(again.Result);
    }

    [Fact]
    public void One_change_that_fails_takes_no_other_down_with_it()
    {
        _writer.Failure = changes => changes.OfType<StoreChange.PutSession>().Any(put => put.Description.Identity == "bad") ? s_failed : null;
        TestOperation[] good = [.. Enumerable.Range(0, 10).Select(i => _writer.Create($"good-{i}"))];
        TestOperation bad = _writer.Create("bad");
        TestOperation last = _writer.Create("last");
        _writer.Run([.. good, bad, last]);
        Assert.All([.. good, last], create => Assert.NotNull(create.Result));
        Assert.Same(s_failed, bad.Failure);
        Assert.Equal(11, _writer.Table.Count);
    }

    [Fact]
    public void Where_the_store_fails_for_all_it_is_not_asked_for_each()
    {
        _writer.Failure = _ => s_failed;
        TestOperation[] batch = [.. Enumerable.Range(0, 100).Select(i => _writer.Create($"server-{i}"))];
        _writer.Run([.. batch]);
        Assert.All(batch, create => Assert.Equal(s_failed.Message, create.Failure?.Message));
        Assert.Equal(3, _writer.Commits.Count);
        Assert.Equal(0, _writer.Table.Count);
    }

    [Fact]
    public void The_dead_are_told_while_each_change_of_a_failed_batch_is_tried_alone()
    {
        TestOperation dead = _writer.Create("dead", Limits.MinTermMs);
        _writer.Run(dead);
        _writer.Pass(Limits.MinTermMs + 1);
        _writer.Failure = changes => changes.Count > 1 ? s_failed : null;
        TestOperation[] batch = [.. Enumerable.Range(0, 4).Select(i => _writer.Create($"server-{i}"))];

        _writer.Run([.. batch]);

        int told = _writer.Effects.FindIndex(effect => effect is WriteEffect.Ended end && end.End.Session.Key == dead.Key);
        int last = _writer.Effects.FindIndex(effect => effect is WriteEffect.Answer answer && answer.Operation == batch[^1]);
        Assert.InRange(told, 0, last - 1);
        Assert.All(batch, create => Assert.NotNull(create.Result));
    }

    [Fact]
    public void What_is_left_to_be_tried_alone_is_refused_when_nobody_knows_what_was_taken_of_an_expiry_in_between()
    {
        _writer.Run(_writer.Create("dead", Limits.MinTermMs));
        _writer.Pass(Limits.MinTermMs + 1);
        _writer.Failure = changes =>
            changes.OfType<StoreChange.RemoveSession>().Any()
                ? new SessionException(SessionStatus.StoreFailed, "a part was taken") { IsOutcomeUnknown = true }
            : changes.Count > 1 ? s_failed : null;
        TestOperation[] batch = [.. Enumerable.Range(0, 3).Select(i => _writer.Create($"server-{i}"))];

        _writer.Run([.. batch]);

        Assert.NotNull(batch[0].Result);
        Assert.All(batch[1..], create => Assert.Equal(SessionStatus.NotLeader, create.Failure?.Status));
        Assert.Single(_writer.Commits, commit => commit.OfType<StoreChange.RemoveSession>().Any());
        Assert.IsType<StoreChange.RemoveSession>(Assert.Single(_writer.Commits[^1]));
    }

    [Fact]
    public void An_expiry_that_the_store_does_not_take_is_tried_again_and_told_only_then()
    {
        TestOperation create = _writer.Create("server", Limits.MinTermMs);
        _writer.Run(create);
        _writer.Failure = changes => changes.OfType<StoreChange.RemoveSession>().Any() ? s_failed : null;
        _writer.Pass(Limits.MinTermMs + 1);
        _writer.Run();
        Assert.Equal(SessionStatus.SessionExpired, _writer.Table.KeepAlive(create.Key, _writer.NowNs).Status);
        Assert.DoesNotContain(_writer.Effects, effect => effect is WriteEffect.Ended);

        _writer.Failure = _ => null;
        _writer.Pass(Limits.ExpiryRetryMs - 1);
        int asked = _writer.Commits.Count;
        _writer.Run();
        Assert.Equal(asked, _writer.Commits.Count);

        _writer.Pass(1);
        _writer.Run();
        WriteEffect.Ended told = Assert.Single(_writer.Effects.OfType<WriteEffect.Ended>());
        Assert.Equal((create.Key, SessionEndReason.Expired), (told.End.Session.Key, told.End.Reason));
    }

    [Fact]
    public void An_expiry_is_told_when_it_is_durable_and_a_renewal_that_comes_before_is_refused()
    {
        TestOperation create = _writer.Create("server", Limits.MinTermMs);
        _writer.Run(create);
        _writer.Pass(Limits.MinTermMs + 1);
        _writer.RunToCommit();
        Assert.Equal(SessionStatus.SessionExpired, _writer.Table.KeepAlive(create.Key, _writer.NowNs).Status);
        Assert.DoesNotContain(_writer.Effects, effect => effect is WriteEffect.Ended);
        _writer.StoreAnswers();
        Assert.Single(_writer.Effects.OfType<WriteEffect.Ended>());
    }

    [Fact]
    public void Many_that_expire_at_once_are_removed_in_bounded_transactions_each_told_once()
    {
        const int Count = (2 * Limits.MaxOperationsPerCommit) + 1;
        TestOperation[] creates = [.. Enumerable.Range(0, Count).Select(i => _writer.Create($"server-{i}", Limits.MinTermMs))];
        _writer.Run([.. creates]);
        _writer.Commits.Clear();
        _writer.Pass(Limits.MinTermMs + 1);
        do
        {
            _writer.Run();
        }
        while (_writer.Path.WaitMs == 0);

        Assert.Equal(
            creates.Select(create => create.Key.SessionId).Order(),
            _writer.Effects.OfType<WriteEffect.Ended>().Select(end => end.End.Session.Key.SessionId).Order());
        Assert.InRange(_writer.Commits.Max(changes => changes.Count), 1, Limits.MaxOperationsPerCommit);
    }

    [Fact]
    public void Nobody_is_expired_while_holders_could_not_renew()
    {
        TestOperation create = _writer.Create("server", Limits.MinTermMs);
        _writer.Run(create);
        _writer.Pass(Limits.MinTermMs + 1);
        _writer.Expires = false;
        _writer.Run();
        Assert.Equal(1, _writer.Table.Count);

        _writer.Expires = true;
        _writer.Run();
        Assert.Equal(0, _writer.Table.Count);
    }

    [Theory]
    [InlineData(SessionStatus.NotLeader)]
    [InlineData(SessionStatus.StoreFull)]
    [InlineData(SessionStatus.StoreFailed)]
    public void What_may_have_been_made_is_never_answered_as_if_it_had_not(SessionStatus status)
    {
        _writer.Failure = _ => new SessionException(status, "a part was taken") { IsOutcomeUnknown = true };
        TestOperation[] batch = [_writer.Create("second"), _writer.Create("third")];
        _writer.Run([.. batch]);
        Assert.All(batch, create =>
        {
            Assert.Equal((SessionStatus.TimedOut, true), (create.Failure?.Status, create.Failure?.IsOutcomeUnknown));
            Assert.Contains("a part was taken", create.Failure!.Message, StringComparison.Ordinal);
        });
        Assert.True(_writer.Path.IsOver);
        Assert.Single(_writer.Commits);
    }

    [Fact]
    public void A_leadership_that_is_over_decides_nothing()
    {
        _writer.Failure = _ => new SessionException(SessionStatus.NotLeader, "another leads");
        TestOperation last = _writer.Create("last");
        TestOperation count = TestWriter.Count();
        _writer.Run(last, count);
        Assert.Equal((SessionStatus.NotLeader, SessionStatus.NotLeader), (last.Failure?.Status, count.Failure?.Status));

        TestOperation late = _writer.Create("late");
        _writer.Run(late);
        Assert.Equal((SessionStatus.NotLeader, 0), (late.Failure?.Status, late.Decisions));
        Assert.Throws<SessionException>(() => _writer.Path.TryLook(_writer.NowNs, _ => true, table => table.Count, out _));
        Assert.Single(_writer.Commits);
    }

    [Fact]
    public void A_store_that_was_lost_while_it_committed_is_not_undone_on()
    {
        TestOperation[] batch = [_writer.Create("first"), _writer.Create("second")];
        _writer.RunToCommit([.. batch]);
        _writer.IsLost = true;
        _writer.Failure = _ => s_failed;
        _writer.StoreAnswers();
        Assert.All(batch, create => Assert.Equal(SessionStatus.StoreFailed, create.Failure?.Status));
        Assert.Single(_writer.Commits);
        Assert.Equal(2, _writer.Table.Count);
    }

    [Fact]
    public void What_nobody_expected_ends_it_and_answers_each_once()
    {
        TestOperation first = _writer.Create("first");
        TestOperation second = _writer.Create("second");
        _writer.RunToCommit(first, second);

        _writer.Path.Break(new InvalidOperationException("a defect"));

        _writer.CarryOut();
        Assert.True(_writer.Path.IsOver);
        Assert.All([first, second], create => Assert.True(
            create.Failure is { Status: SessionStatus.TimedOut, IsOutcomeUnknown: true }, create.Failure?.ToString()));
        _writer.Run(_writer.Create("third"));
        Assert.IsType<WriteEffect.Refuse>(_writer.Effects[^1]);
    }
}
