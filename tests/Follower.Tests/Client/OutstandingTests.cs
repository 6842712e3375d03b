using System.Linq;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>Which answers of a master are a sign of life.</summary>
public sealed class OutstandingTests
{
    private const long Ms = 1_000_000;
    private const long SentNs = 5_000 * Ms;

    private static readonly PendingRenewal _first = new(new SessionKey(1, 1, 11), 100, SentNs, long.MaxValue);
    private static readonly PendingRenewal _second = new(new SessionKey(2, 1, 12), 300, SentNs, long.MaxValue) { IsInquiry = true };

    private readonly Outstanding _outstanding = new();
    private readonly KeepAliveRequest _request;

    public OutstandingTests() => _request = _outstanding.Register([_first, _second], SentNs);

    [Fact]
    public void Renewals_and_inquiries_go_their_own_ways_in_one_message()
    {
        Assert.Equal([1UL], _request.Renewals.Select(key => key.SessionId));
        Assert.Equal([2UL], _request.Inquiries.Select(key => key.SessionId));
    }

    [Fact]
    public void An_answer_is_late_after_the_shortest_interval_and_when_all_are_answered_none_is()
    {
        Assert.Equal(SentNs + (100 * Ms), _outstanding.LateAtNs);

        Assert.Equal([_first, _second], _outstanding.Answer(Reply(1, 2), out long sentNs).Select(pair => pair.Asked));

        Assert.Equal(SentNs, sentNs);
        Assert.Equal(long.MaxValue, _outstanding.LateAtNs);
        Assert.Empty(_outstanding.TakeUnanswered());
    }

    [Fact]
    public void An_answer_has_its_time_from_when_the_message_was_handed_over()
    {
        _outstanding.Written(_request.BatchId, SentNs + (90 * Ms));
        Assert.Equal(SentNs + (190 * Ms), _outstanding.LateAtNs);

        // Never less than it had.
        _outstanding.Written(_request.BatchId, SentNs - Ms);
        Assert.Equal(SentNs + (190 * Ms), _outstanding.LateAtNs);
        Assert.Equal([_first, _second], _outstanding.Answer(Reply(1, 2), out long sentNs).Select(pair => pair.Asked));
        Assert.Equal(SentNs, sentNs);
    }

    [Fact]
    public void A_part_of_an_answer_gives_the_rest_an_interval_more_and_not_for_ever()
    {
        Assert.Equal([_first], _outstanding.Answer(Reply(1), out _).Select(pair => pair.Asked));

        Assert.Equal(SentNs + (200 * Ms), _outstanding.LateAtNs);
        Assert.Equal([_second], _outstanding.TakeUnanswered());
        Assert.Equal(long.MaxValue, _outstanding.LateAtNs);
    }

    [Fact]
    public void Empty_answers_and_answers_about_others_do_not_put_it_off_for_ever()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.Empty(_outstanding.Answer(Reply(), out _));
            Assert.Empty(_outstanding.Answer(Reply(7, 8), out _));
        }

        Assert.Equal(SentNs + (200 * Ms), _outstanding.LateAtNs);
    }

    [Fact]
    public void An_answer_to_what_was_never_sent_or_answered_before_is_none()
    {
        KeepAliveReply reply = Reply(1);
        _outstanding.Answer(reply, out _);

        Assert.Empty(_outstanding.Answer(reply, out _));
        reply.BatchId = 99;
        Assert.Empty(_outstanding.Answer(reply, out _));
    }

    private KeepAliveReply Reply(params ulong[] sessions)
    {
        KeepAliveReply reply = new() { BatchId = _request.BatchId };
        reply.Renewals.AddRange(sessions.Select(session => new Renewal { SessionId = session }));
        return reply;
    }
}
