using System.Collections.Generic;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Renewing;

/// <summary>Which answers of a master are a sign of life.</summary>
public sealed class OutstandingTests
{
    private const long Ms = 1_000_000;
    private const long SentNs = 5_000 * Ms;

    private static readonly PendingRenewal _first = new(new SessionKey(1, 1, 11), 100, SentNs, long.MaxValue);
    private static readonly PendingRenewal _second = new(new SessionKey(2, 1, 12), 300, SentNs, long.MaxValue) { IsInquiry = true };

    private readonly Outstanding _outstanding = new();
    private readonly RenewalBatch _batch;

    public OutstandingTests() => _batch = _outstanding.Register([_first, _second], SentNs);

    [Fact]
    public void An_answer_is_late_after_the_shortest_interval_and_when_all_are_answered_none_is()
    {
        Assert.Equal(SentNs + (100 * Ms), _outstanding.LateAtNs);

        Assert.Equal([_first, _second], Answer(out long sentNs, 1, 2));

        Assert.Equal(SentNs, sentNs);
        Assert.Equal(long.MaxValue, _outstanding.LateAtNs);
        Assert.Empty(_outstanding.TakeUnanswered());
    }

    [Fact]
    public void An_answer_has_its_time_from_when_the_message_was_handed_over()
    {
        _batch.Written(SentNs + (90 * Ms));
        Assert.Equal(SentNs + (190 * Ms), _outstanding.LateAtNs);

        // Never less than it had.
        _batch.Written(SentNs - Ms);
        Assert.Equal(SentNs + (190 * Ms), _outstanding.LateAtNs);
        Assert.Equal([_first, _second], Answer(out long sentNs, 1, 2));
        Assert.Equal(SentNs, sentNs);
    }

    [Fact]
    public void A_part_of_an_answer_gives_the_rest_an_interval_more_and_not_for_ever()
    {
        Assert.Equal([_first], Answer(out _, 1));

        Assert.Equal(SentNs + (200 * Ms), _outstanding.LateAtNs);
        Assert.Equal([_second], _outstanding.TakeUnanswered());
        Assert.Equal(long.MaxValue, _outstanding.LateAtNs);
    }

    [Fact]
    public void Empty_answers_and_answers_about_others_do_not_put_it_off_for_ever()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.Empty(Answer(out _));
            Assert.Empty(Answer(out _, 7, 8));
        }

        Assert.Equal(SentNs + (200 * Ms), _outstanding.LateAtNs);
    }

    [Fact]
    public void An_answer_to_what_was_never_sent_or_answered_before_is_none()
    {
        Answer(out _, 1);
        Assert.Empty(Answer(out _, 1));

        Answer(out _, 2);
        Assert.Null(_outstanding.Find(_batch.Id));
        Assert.Null(_outstanding.Find(99));
    }

    /// <summary>A store that hangs keeps a suspect waiting; the others of its process must not move on for that.</summary>
    [Fact]
    public void What_is_left_for_later_is_not_late_as_long_as_the_master_renews_others()
    {
        Answer(out _, 1);
        for (int i = 1; i <= 5; i++)
        {
            RenewalBatch next = _outstanding.Register([_first], SentNs + (i * 150 * Ms));
            Assert.True(next.TryAnswer(1, out _));
            _outstanding.NoteAnswer(next, isOfLeader: true);

            Assert.Equal(next.SentNs + (200 * Ms), _outstanding.LateAtNs);
        }

        Assert.Equal([_second], _outstanding.TakeUnanswered());
    }

    /// <summary>Not to those that a master sends who only says that it is there.</summary>
    [Fact]
    public void What_is_asked_for_again_is_late_all_the_same_where_nothing_was_renewed()
    {
        Answer(out _);
        for (int i = 1; i <= 3; i++)
        {
            RenewalBatch next = _outstanding.Register([_first, _second], SentNs + (i * 50 * Ms));
            _outstanding.NoteAnswer(next, isOfLeader: false);
        }

        Assert.Equal(SentNs + (200 * Ms), _outstanding.LateAtNs);
    }

    [Fact]
    public void A_message_without_any_answer_is_late_whatever_else_is_answered()
    {
        RenewalBatch next = _outstanding.Register([_second], SentNs + (50 * Ms));
        Assert.True(next.TryAnswer(2, out _));
        _outstanding.NoteAnswer(next, isOfLeader: true);

        Assert.Equal(SentNs + (100 * Ms), _outstanding.LateAtNs);
    }

    [Fact]
    public void What_is_left_for_later_and_asked_for_again_is_out_once()
    {
        Answer(out _, 1);
        for (int i = 1; i <= 5; i++)
        {
            RenewalBatch next = _outstanding.Register([_first, _second], SentNs + (i * 90 * Ms));
            Assert.True(next.TryAnswer(1, out _));
            _outstanding.NoteAnswer(next, isOfLeader: true);
        }

        Assert.Equal([_second], _outstanding.TakeUnanswered());
    }

    /// <summary>A reply to the batch: what it answers, and the batch's s.</summary>
    private List<PendingRenewal> Answer(out long sentNs, params ulong[] sessions)
    {
        RenewalBatch batch = _outstanding.Find(_batch.Id)!;
        List<PendingRenewal> answered = [];
        foreach (ulong session in sessions)
        {
            if (batch.TryAnswer(session, out PendingRenewal asked))
            {
                answered.Add(asked);
            }
        }

        sentNs = batch.SentNs;
        _outstanding.NoteAnswer(batch, isOfLeader: answered.Count > 0);
        return answered;
    }
}
