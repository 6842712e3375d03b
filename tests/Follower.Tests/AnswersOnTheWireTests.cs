using System;
using Interop.Sessions.Follower.Client;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Answers of a master that leaves out what was asked for.</summary>
public sealed class AnswersOnTheWireTests
{
    public static TheoryData<string, Action> Lacking => new()
    {
        { "item", () => AnswersOnTheWire.Of(new Wire.GetItemReply().Item) },
        { "window", () => AnswersOnTheWire.Of(new Wire.ReportDataReply().Next) },
        { "session", () => AnswersOnTheWire.Of(new Wire.FindSessionReply().Found, 1, 1) },
        { "session", () => AnswersOnTheWire.Of(new Wire.SessionRow { SessionId = 1 }, 1, 1) },
    };

    [Theory]
    [MemberData(nameof(Lacking))]
    public void An_answer_without_what_was_asked_for_is_no_defect_of_this_library(string what, Action read)
    {
        SessionException refusal = Assert.Throws<SessionException>(read);
        Assert.Equal(SessionStatus.Unsupported, refusal.Status);
        Assert.Contains($"has no {what}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_that_no_master_names_make_no_other_error()
    {
        SessionRow row = AnswersOnTheWire.Of(
            new Wire.SessionRow { Description = new Wire.ServerDescription { Identity = "a" }, RemainingMs = uint.MaxValue, ItemCount = uint.MaxValue },
            ulong.MaxValue, sentNs: 1);
        Assert.Equal(1 + (uint.MaxValue * 1_000_000L), row.DeadlineNs);
        Assert.Equal(default, row.ReportWindow);
    }
}
