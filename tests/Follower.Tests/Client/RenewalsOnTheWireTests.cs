using System.Linq;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>Batches of renewals as messages.</summary>
public sealed class RenewalsOnTheWireTests
{
    [Fact]
    public void Renewals_and_inquiries_go_their_own_ways_in_one_message()
    {
        RenewalBook book = new();
        book.Ask(new PendingRenewal(new SessionKey(1, 4, 11), 100, 0, 0));
        book.Ask(new PendingRenewal(new SessionKey(2, 5, 12), 300, 0, 0) { IsInquiry = true });
        book.TurnTo("master", out _);

        KeepAliveRequest request = RenewalsOnTheWire.Request(book.Next(0).Batch!);

        Assert.Equal([new Protocol.V1.SessionKey { SessionId = 1, Epoch = 4, Nonce = 11 }], request.Renewals);
        Assert.Equal([2UL], request.Inquiries.Select(key => key.SessionId));
        Assert.Equal(1UL, request.BatchId);
    }

    [Fact]
    public void An_answer_is_taken_as_it_was_written()
    {
        KeepAliveReply reply = new() { MasterEpoch = 9, LongestTermMs = 60_000, ClockRateBoundPpm = 7 };
        reply.Renewals.Add(new Renewal
        {
            SessionId = 1,
            Epoch = 4,
            Nonce = 11,
            Status = Status.SessionRevoked,
            TermMs = 6000,
            RenewalIntervalMs = 1000,
            Text = "why",
        });

        Assert.Equal(
            [
                new RenewalAnswer(new SessionKey(1, 4, 11), 9, SessionStatus.SessionRevoked, 6000, 1000, 60_000)
                {
                    ClockRateBoundPpm = 7,
                    Text = "why",
                },
            ],
            RenewalsOnTheWire.Answers(reply));
    }
}
