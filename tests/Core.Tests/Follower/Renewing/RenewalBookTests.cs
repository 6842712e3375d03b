using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Renewing;

/// <summary>What the sender of renewals is told to do, by a clock that the test sets.</summary>
public sealed class RenewalBookTests
{
    private const long Ms = 1_000_000;
    private const uint IntervalMs = 100;

    private static readonly SessionException s_gone = new(SessionStatus.NoMaster, "gone");

    private readonly RenewalBook _book = new();
    private long _nowNs = 5_000 * Ms;

    [Fact]
    public void Nothing_is_dialled_before_there_is_something_to_renew()
    {
        Assert.Equal(Wait(long.MaxValue), Next());

        Ask(1);

        Assert.Equal(RenewalStepKind.Turn, Next().Kind);
    }

    [Fact]
    public void What_waits_goes_out_in_one_message_whose_s_is_the_clock_at_sending()
    {
        Ask(1);
        Ask(2, isInquiry: true);
        _nowNs += 30 * Ms;

        RenewalLine line = TurnTo("a");
        RenewalStep step = Next();

        Assert.Equal(RenewalStepKind.Send, step.Kind);
        Assert.Same(line, step.Line);
        Assert.Equal([1UL, 2UL], step.Batch!.Renewals.Select(renewal => renewal.Key.SessionId));
        Assert.Equal(_nowNs, step.Batch.SentNs);
        Assert.Equal(Wait(_nowNs + (IntervalMs * Ms)), Next());
    }

    [Fact]
    public void An_answer_is_for_its_follower_with_the_s_of_its_message()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);
        long sentNs = _nowNs;
        _nowNs += 20 * Ms;

        TakenReply taken = Reply(line, batch, out List<RenewalAnswer> delivered, Ok(1));

        Assert.Equal(Ok(1), Assert.Single(delivered));
        Assert.Equal(new TakenReply(sentNs, _nowNs + (2 * IntervalMs * Ms), IsNews: true), taken);
    }

    [Fact]
    public void What_was_not_asked_for_or_is_answered_already_is_for_nobody()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);

        Assert.Null(Reply(line, batch, out List<RenewalAnswer> others, Ok(7)).RenewedUntilNs);
        Assert.Empty(others);
        Reply(line, batch, out _, Ok(1));
        Assert.Equal(default, Reply(line, batch, out List<RenewalAnswer> again, Ok(1)));
        Assert.Empty(again);
    }

    [Fact]
    public void An_answer_that_no_master_gives_is_none_and_another_master_is_asked()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);

        Assert.Equal(
            (null, false), Taken(Reply(line, batch, out List<RenewalAnswer> delivered, Ok(1) with { MasterEpoch = ulong.MaxValue })));
        Assert.Empty(delivered);
        Assert.Equal((null, false), Taken(Reply(line, batch, out delivered, Ok(1) with { TermMs = Limits.MinTermMs - 1 })));
        Assert.Empty(delivered);
        _nowNs += 2 * IntervalMs * Ms;

        Assert.Equal(LineEnd.Late, Next().Report!.End);

        static (long? RenewedUntilNs, bool IsNews) Taken(TakenReply taken) => (taken.RenewedUntilNs, taken.IsNews);
    }

    [Fact]
    public void An_answer_that_is_late_means_another_line_and_what_it_left_goes_out_there_with_another_s()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);
        _nowNs += (IntervalMs * Ms) - 1;
        Assert.Equal(RenewalStepKind.Wait, Next().Kind);
        _nowNs++;

        RenewalStep leave = Next();

        Assert.Equal(LineEnd.Late, leave.Report!.End);
        Assert.Equal(SessionStatus.TimedOut, leave.Report.Failure.Status);
        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        Assert.Equal(RenewalStepKind.Turn, Next().Kind);
        TurnTo("b");
        RenewalBatch second = Next().Batch!;
        Assert.Equal(batch.Renewals, second.Renewals);
        Assert.Equal(_nowNs, second.SentNs);

        // The first master answers after all.
        Assert.Equal(default, Reply(line, batch, out List<RenewalAnswer> delivered, Ok(1)));
        Assert.Empty(delivered);
    }

    [Fact]
    public void A_follower_that_has_asked_anew_meanwhile_is_renewed_once_and_by_its_latest_word()
    {
        TurnTo("a");
        Send(1);
        _nowNs += IntervalMs * Ms;
        Ask(1, isInquiry: true);
        Assert.Equal(RenewalStepKind.Leave, Next().Kind);

        TurnTo("b");

        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        Assert.True(Assert.Single(Next().Batch!.Renewals).IsInquiry);
    }

    [Fact]
    public void A_first_message_that_waited_for_the_dial_is_late_an_interval_after_it_was_handed_over()
    {
        TurnTo("a");
        RenewalBatch batch = Send(1);
        _nowNs += 90 * Ms;

        batch.Written(_nowNs);

        Assert.Equal(Wait(_nowNs + (IntervalMs * Ms)), Next());
    }

    [Fact]
    public void A_message_that_cannot_be_sent_means_another_line()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);
        Assert.Equal(IntervalMs, batch.WriteWithinMs);

        line.Stuck();

        LineReport report = Next().Report!;
        Assert.Equal(LineEnd.Stuck, report.End);
        Assert.Equal(SessionStatus.TimedOut, report.Failure.Status);
        Assert.Equal(RenewalStepKind.Close, Next().Kind);
    }

    [Theory]
    [InlineData(SessionStatus.NotLeader, SessionStatus.NotLeader)]
    [InlineData(SessionStatus.Cancelled, SessionStatus.NoMaster)]
    [InlineData(SessionStatus.TooLong, SessionStatus.NoMaster)]
    public void A_stream_that_ended_is_no_master_unless_it_ended_with_not_leader(SessionStatus ended, SessionStatus told)
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);

        line.Broke(new SessionException(ended, "why") { LeaderHint = "b" });
        line.Broke(s_gone);
        line.Stuck();

        RenewalStep leave = Next();
        Assert.Equal(LineEnd.Broken, leave.Report!.End);
        Assert.Equal(told, leave.Report.Failure.Status);
        Assert.Equal("why", leave.Report.Failure.Message);
        Assert.Equal(told == SessionStatus.NotLeader ? "b" : null, leave.Report.Failure.LeaderHint);
        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        TurnTo("b");
        Assert.Equal(batch.Renewals, Next().Batch!.Renewals);
    }

    [Fact]
    public void A_master_that_does_not_lead_is_left_for_whom_it_names_and_its_line_rests()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1);

        TakenReply taken = Reply(line, batch, "b", out List<RenewalAnswer> delivered, Refused(1));

        Assert.Equal(new TakenReply(_nowNs, null, IsNews: true), taken);
        Assert.Empty(delivered);
        RenewalStep leave = Next();
        Assert.Equal(LineEnd.DoesNotLead, leave.Report!.End);
        Assert.Equal("b", leave.Report.Failure.LeaderHint);
        Assert.Equal(RenewalStepKind.Turn, Next().Kind);

        // What it refused goes to the next; turned to again, the line needs no stream, and its former word counts no more.
        TurnTo("b");
        Assert.Equal(batch.Renewals, Next().Batch!.Renewals);
        Assert.Same(line, _book.TurnTo("a", out bool isNew));
        Assert.False(isNew);
        Assert.Equal(RenewalStepKind.Wait, Next().Kind);
    }

    [Fact]
    public void A_reply_that_renews_some_and_refuses_others_delivers_those_and_leaves()
    {
        RenewalLine line = TurnTo("a");
        RenewalBatch batch = Send(1, 2);

        Reply(line, batch, out List<RenewalAnswer> delivered, Ok(1), Refused(2));

        Assert.Equal(Ok(1), Assert.Single(delivered));
        Assert.Equal(LineEnd.DoesNotLead, Next().Report!.End);
        TurnTo("b");
        Assert.Equal([2UL], Next().Batch!.Renewals.Select(renewal => renewal.Key.SessionId));
    }

    [Fact]
    public void A_master_that_answers_as_a_leader_is_told_once_and_the_lines_that_rested_are_closed()
    {
        RenewalLine follower = TurnTo("a");
        Reply(follower, Send(1), out _, Refused(1));
        Assert.Equal(RenewalStepKind.Leave, Next().Kind);
        RenewalLine leader = TurnTo("b");
        RenewalBatch first = Next().Batch!;

        Assert.True(Reply(leader, first, out _, Ok(1)).IsNews);

        Assert.Equal(new RenewalStep { Kind = RenewalStepKind.Lead, Line = leader }, Next());
        Assert.Equal(new RenewalStep { Kind = RenewalStepKind.Close, Line = follower }, Next());
        Assert.False(Reply(leader, Send(1), out _, Ok(1)).IsNews);
        Assert.Equal(Wait(long.MaxValue), Next());
    }

    [Fact]
    public void A_session_that_has_ended_was_answered_by_a_leader_too()
    {
        RenewalLine line = TurnTo("a");

        Assert.True(Reply(line, Send(1), out List<RenewalAnswer> delivered, Ok(1) with { Status = SessionStatus.SessionRevoked }).IsNews);

        Assert.Single(delivered);
        Assert.Equal(RenewalStepKind.Lead, Next().Kind);
    }

    [Fact]
    public void After_a_failure_the_next_master_is_asked_after_a_pause_if_anything_waits_and_new_renewals_do_not_shorten_it()
    {
        RenewalLine line = TurnTo("a");
        Send(1);
        line.Broke(s_gone);
        LineReport report = Next().Report!;

        _book.MovedOn(report, NextMaster.Untried, _nowNs, random: 0.5);

        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        long untilNs = _nowNs + (Limits.RetryPauseMs * Ms);
        Ask(2);
        Assert.Equal(Wait(untilNs), Next());
        _nowNs = untilNs;
        Assert.Equal(RenewalStepKind.Turn, Next().Kind);
    }

    [Fact]
    public void A_pause_is_paced_by_what_is_left_of_the_lease_that_ends_first()
    {
        RenewalLine line = TurnTo("a");
        Ask(1, leftMs: 6400);
        Ask(2, leftMs: 3200);
        Assert.Equal(RenewalStepKind.Send, Next().Kind);
        line.Broke(s_gone);

        _book.MovedOn(Next().Report!, NextMaster.AllTried, _nowNs, random: 0.5);

        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        Assert.Equal(Wait(_nowNs + (3200 / Limits.RetriesWithinWhatIsLeft * Ms)), Next());
    }

    [Fact]
    public void Where_nothing_waits_the_next_renewal_does_not_either()
    {
        RenewalLine line = TurnTo("a");
        Reply(line, Send(1), out _, Ok(1));
        line.Broke(s_gone);
        Assert.Equal(RenewalStepKind.Leave, Next().Kind);

        _book.MovedOn(new LineReport(LineEnd.Broken, s_gone), NextMaster.AllTried, _nowNs, random: 0.5);

        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        Assert.Equal(Wait(long.MaxValue), Next());
        Ask(1);
        Assert.Equal(RenewalStepKind.Turn, Next().Kind);
    }

    [Fact]
    public void A_line_that_broke_while_it_rested_is_opened_anew()
    {
        RenewalLine line = TurnTo("a");
        Reply(line, Send(1), out _, Refused(1));
        Assert.Equal(RenewalStepKind.Leave, Next().Kind);

        line.Broke(s_gone);

        Assert.Equal(RenewalStepKind.Turn, Next().Kind);
        Assert.NotSame(line, TurnTo("a"));
        Assert.Equal(new RenewalStep { Kind = RenewalStepKind.Close, Line = line }, Next());
        Assert.Equal(RenewalStepKind.Send, Next().Kind);
    }

    [Fact]
    public void Masters_that_name_ever_new_ones_leave_a_bounded_number_of_lines()
    {
        int closed = 0;
        Ask(1);
        for (int i = 0; i <= Limits.MaxRestingEndpoints; i++)
        {
            RenewalLine line = TurnTo($"m{i}");
            RenewalStep step = Next();
            for (; step.Kind == RenewalStepKind.Close; step = Next())
            {
                closed++;
            }

            Reply(line, step.Batch!, out _, Refused(1));
            Assert.Equal(RenewalStepKind.Leave, Next().Kind);
        }

        Assert.Equal(Limits.MaxRestingEndpoints, closed);
    }

    [Fact]
    public void A_sender_that_failed_leaves_the_line_that_it_used()
    {
        TurnTo("a");
        Send(1);

        _book.SenderFailed(s_gone);

        Assert.Equal(LineEnd.Broken, Next().Report!.End);
        _book.SenderFailed(s_gone);
        Assert.Equal(RenewalStepKind.Close, Next().Kind);
        TurnTo("b");
        Assert.Equal(RenewalStepKind.Send, Next().Kind);
    }

    private static RenewalStep Wait(long untilNs) => new() { Kind = RenewalStepKind.Wait, UntilNs = untilNs };

    private static SessionKey Key(ulong session) => new(session, 1, 10 + session);

    private static RenewalAnswer Ok(ulong session) => new(Key(session), 3, SessionStatus.Ok, 600);

    private static RenewalAnswer Refused(ulong session) => new(Key(session), 0, SessionStatus.NotLeader, 0);

    private RenewalStep Next() => _book.Next(_nowNs);

    private void Ask(ulong session, bool isInquiry = false, long leftMs = 900) =>
        _book.Ask(new PendingRenewal(Key(session), IntervalMs, _nowNs, _nowNs + (leftMs * Ms)) { IsInquiry = isInquiry });

    private RenewalLine TurnTo(string address)
    {
        RenewalLine line = _book.TurnTo(address, out bool isNew);
        Assert.True(isNew);
        return line;
    }

    private RenewalBatch Send(params ulong[] sessions)
    {
        foreach (ulong session in sessions)
        {
            Ask(session);
        }

        RenewalStep step = Next();
        Assert.Equal(RenewalStepKind.Send, step.Kind);
        return step.Batch!;
    }

    private TakenReply Reply(RenewalLine line, RenewalBatch batch, out List<RenewalAnswer> delivered, params RenewalAnswer[] answers) =>
        Reply(line, batch, leaderHint: null, out delivered, answers);

    private TakenReply Reply(
        RenewalLine line, RenewalBatch batch, string? leaderHint, out List<RenewalAnswer> delivered, params RenewalAnswer[] answers)
    {
        delivered = [.. answers];
        return _book.Reply(line, batch.Id, delivered, leaderHint, _nowNs);
    }
}
