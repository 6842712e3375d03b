using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A host is told that its identity is drained, and when it is no more; its lease is as before.</summary>
public sealed class DrainTests
{
    private readonly TestLife _test = new();

    [Fact]
    public void A_host_is_told_once_and_again_when_the_reason_is_another_or_it_is_over()
    {
        SessionKey key = _test.Hold();
        Hear(key, "rack 7");
        Hear(key, "rack 7");
        LifeCallback told = Assert.Single(_test.RunAll());
        Assert.Equal(
            (LifeCallbackKind.State, SessionState.Alive, true, "rack 7"),
            (told.Kind, told.Info.State, told.Info.IsDraining, told.Info.DrainReason));
        Assert.Equal("rack 7", _test.Life.Info.DrainReason);

        // Where many are told, the text is left out.
        Hear(key, "");
        Assert.Empty(_test.RunAll());
        Hear(key, "rack 8");
        Assert.Equal("rack 8", Assert.Single(_test.RunAll()).Info.DrainReason);
        Hear(key, null);
        Assert.False(Assert.Single(_test.RunAll()).Info.IsDraining);
        Assert.Equal(3, _test.All<LifeNews.Drained>().Count());
        Assert.Equal(SessionState.Alive, _test.Life.State);
    }

    [Fact]
    public void What_a_former_leadership_or_an_inquiry_says_counts_for_nothing()
    {
        SessionKey key = _test.Hold();
        Hear(key, "of a former leadership", masterEpoch: 4);
        Hear(key, "of another session", ofAnother: true);
        Hear(key, "of an inquiry", termMs: 0);

        Assert.Empty(_test.RunAll());
        Assert.False(_test.Life.Info.IsDraining);
    }

    [Fact]
    public void While_callbacks_of_its_create_run_it_is_told_behind_them_and_the_next_session_begins_without()
    {
        SessionKey key = _test.Grant(_test.Wish());
        LifeCallback created = _test.Take(LifeCallbackKind.Created);
        Hear(key, "rack 7");
        LifeCallback registered = _test.Return(created)!;
        LifeCallback alive = _test.Return(registered)!;
        _test.Return(_test.Return(alive)!);
        Assert.True(Assert.Single(_test.RunAll()).Info.IsDraining);

        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        _test.Hold();
        Assert.False(_test.Life.Info.IsDraining);
    }

    private void Hear(SessionKey key, string? reason, ulong masterEpoch = 5, uint termMs = TestLife.TermMs, bool ofAnother = false)
    {
        SessionKey whose = ofAnother ? key with { Epoch = key.Epoch + 1 } : key;
        _test.Do(life => life.Answered(
            new RenewalAnswer(whose, masterEpoch, SessionStatus.Ok, termMs) { IsDraining = reason != null, Text = reason ?? "" }, _test.NowNs));
        _test.Turn();
    }
}
