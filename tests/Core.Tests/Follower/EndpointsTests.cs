using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>Which master is asked next.</summary>
public sealed class EndpointsTests
{
    private const long Ms = 1_000_000;
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string C = "10.0.0.3:7070";
    private const string Foreign = "10.0.0.9:7070";

    private readonly Endpoints _endpoints = new([A, B, C]);
    private long _nowNs = 5_000 * Ms;

    private static readonly Gen<string?> _hints = Gen.OneOf<string?>(
        null, "", A, B, C, Foreign, "10.0.0.8:7070", "127.0.0.1:1", "0.0.0.0:7070", "nonsense", "[::]:7070");

    [Fact]
    public void Each_failure_leads_to_the_next()
    {
        Assert.Equal([A, B, C, A], Enumerable.Range(0, 4).Select(_ =>
        {
            string asked = _endpoints.Current;
            _endpoints.Failed(asked, _nowNs);
            return asked;
        }));
    }

    [Fact]
    public void When_all_were_tried_it_says_so_until_one_answers()
    {
        Assert.Equal(NextMaster.Untried, Fail());
        Assert.Equal(NextMaster.Untried, Fail());
        Assert.Equal(NextMaster.AllTried, Fail());
        Assert.Equal(NextMaster.AllTried, Fail());

        _endpoints.Answered(_endpoints.Current);

        Assert.Equal(NextMaster.Untried, Fail());
    }

    [Fact]
    public void It_says_how_it_stands_and_counts_where_it_turned_to()
    {
        Assert.Equal(ConnectionState.Connecting, _endpoints.State);
        _endpoints.DoesNotLead(A, C, _nowNs);
        Assert.Equal((ConnectionState.Connecting, 1L, 0L), (_endpoints.State, _endpoints.Redirects, _endpoints.Failovers));
        _endpoints.Answered(C);
        Assert.Equal(ConnectionState.Connected, _endpoints.State);
        _endpoints.Configure([A, B]);
        Assert.Equal((ConnectionState.Connected, C), (_endpoints.State, _endpoints.Current));

        Fail();
        Assert.Equal(ConnectionState.Connecting, _endpoints.State);
        Fail();
        Assert.Equal((ConnectionState.Away, 1L, 2L), (_endpoints.State, _endpoints.Redirects, _endpoints.Failovers));
        _endpoints.Configure([B]);
        Assert.Equal(ConnectionState.Connecting, _endpoints.State);
    }

    [Fact]
    public void A_hint_is_followed_and_when_it_leads_the_rotation_stands_there()
    {
        Assert.Equal(NextMaster.Hinted, _endpoints.DoesNotLead(A, C, _nowNs));
        Assert.Equal(C, _endpoints.Current);
        _endpoints.Answered(C);

        Fail();

        Assert.Equal(A, _endpoints.Current);
    }

    [Fact]
    public void A_drained_standby_that_hints_at_a_dead_leader_does_not_hide_the_living_one()
    {
        Endpoints endpoints = new([B, A, C]);
        List<string> asked = [];
        while (endpoints.Current != C && asked.Count < 10)
        {
            asked.Add(endpoints.Current);
            _nowNs += 50 * Ms;
            if (endpoints.Current == A)
            {
                endpoints.DoesNotLead(A, B, _nowNs);
            }
            else
            {
                endpoints.Failed(endpoints.Current, _nowNs);
            }
        }

        // B has just failed, so it rests, and A's word is not followed.
        Assert.Equal([B, A], asked);
    }

    [Fact]
    public void A_hint_that_cannot_be_reached_rests_and_is_tried_again_later()
    {
        Assert.Equal(NextMaster.Hinted, _endpoints.DoesNotLead(A, Foreign, _nowNs));
        Fail();
        Assert.Equal(B, _endpoints.Current);

        _nowNs += (Limits.DeadHintRestMs - 1) * Ms;
        Assert.Equal(NextMaster.Untried, _endpoints.DoesNotLead(B, Foreign, _nowNs));
        Assert.Equal(C, _endpoints.Current);
        _nowNs += Ms;
        Assert.Equal(NextMaster.Hinted, _endpoints.DoesNotLead(C, Foreign, _nowNs));
        Assert.Equal(Foreign, _endpoints.Current);
    }

    [Fact]
    public void A_hint_that_does_not_lead_yet_rests_for_a_moment()
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);
        _endpoints.DoesNotLead(Foreign, null, _nowNs);
        Assert.Equal(B, _endpoints.Current);

        _nowNs += Limits.StandbyHintRestMs * Ms;

        Assert.Equal(NextMaster.Hinted, _endpoints.DoesNotLead(B, Foreign, _nowNs));
    }

    [Fact]
    public void Masters_that_name_ever_new_leaders_are_followed_a_few_times_only()
    {
        int hinted = 0;
        while (_endpoints.DoesNotLead(_endpoints.Current, $"10.1.0.{hinted + 1}:7070", _nowNs) == NextMaster.Hinted)
        {
            hinted++;
        }

        Assert.Equal(Limits.MaxHintsInARow, hinted);
        Assert.Equal(B, _endpoints.Current);
    }

    [Fact]
    public void A_leader_that_is_not_configured_is_kept_while_it_answers_and_forgotten_when_it_fails()
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);
        _endpoints.Answered(Foreign);
        Assert.Equal(Foreign, _endpoints.Current);
        Assert.False(_endpoints.IsConfigured(Foreign));

        Fail();

        // Only a master that names it again leads there.
        Assert.DoesNotContain(Foreign, Enumerable.Range(0, 6).Select(_ =>
        {
            Fail();
            return _endpoints.Current;
        }));
    }

    [Fact]
    public void A_leader_that_lost_its_connection_and_is_named_again_is_tried_once_more()
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);
        _endpoints.Answered(Foreign);
        Fail();

        Assert.Equal(NextMaster.Hinted, _endpoints.DoesNotLead(B, Foreign, _nowNs));
        Fail();
        _endpoints.DoesNotLead(C, Foreign, _nowNs);
        Assert.Equal(A, _endpoints.Current);
    }

    [Fact]
    public void Late_words_of_a_master_that_was_moved_on_from_change_nothing()
    {
        Fail();

        _endpoints.Answered(A);
        _endpoints.Failed(A, _nowNs);
        _endpoints.DoesNotLead(A, C, _nowNs);

        Assert.Equal(B, _endpoints.Current);
    }

    [Fact]
    public void Other_masters_are_turned_to_at_once_where_none_answers()
    {
        Fail();
        Fail();

        _endpoints.Configure([Foreign, B]);

        Assert.Equal(Foreign, _endpoints.Current);
        Assert.Equal(NextMaster.Untried, Fail());
        Assert.Equal(B, _endpoints.Current);
        Assert.Equal(NextMaster.AllTried, Fail());
        Assert.Equal(Foreign, _endpoints.Current);
    }

    [Fact]
    public void A_hint_that_has_not_answered_yet_is_left_for_other_masters()
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);

        _endpoints.Configure([B, C]);

        Assert.Equal(B, _endpoints.Current);
    }

    [Fact]
    public void A_master_that_answers_stays_until_it_fails_though_it_is_configured_no_more()
    {
        _endpoints.Answered(A);

        _endpoints.Configure([B, C]);

        Assert.Equal(A, _endpoints.Current);
        Assert.False(_endpoints.IsConfigured(A));
        Assert.False(_endpoints.MayBeForgotten(A, _nowNs));
        Assert.Equal(NextMaster.Untried, Fail());
        Assert.Equal(B, _endpoints.Current);
        Assert.True(_endpoints.MayBeForgotten(A, _nowNs));
    }

    [Fact]
    public void A_master_that_answers_renewals_stays_with_other_masters_too()
    {
        _endpoints.Renewed(A, _nowNs + (500 * Ms));

        _endpoints.Configure([B]);

        Assert.Equal(A, _endpoints.Current);
        _endpoints.RenewalsFailed(A, SessionStatus.NotLeader, null, _nowNs);
        Assert.Equal(B, _endpoints.Current);
    }

    [Fact]
    public void A_master_that_answers_and_stays_configured_is_where_the_rotation_stands()
    {
        Fail();
        _endpoints.Answered(B);

        _endpoints.Configure([C, B, A]);

        Assert.Equal(B, _endpoints.Current);
        Fail();
        Assert.Equal(A, _endpoints.Current);
    }

    [Theory]
    [InlineData(SessionStatus.TimedOut)]
    [InlineData(SessionStatus.NoMaster)]
    public void A_master_that_answers_renewals_is_not_left_for_calls_that_it_does_not_answer(SessionStatus failure)
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);
        _endpoints.Renewed(Foreign, _nowNs + (500 * Ms));

        Assert.Equal(NextMaster.Same, CallFails(Foreign, failure, isOutcomeUnknown: true));
        Assert.Equal(Foreign, _endpoints.Current);
        Assert.False(_endpoints.MayBeForgotten(Foreign, _nowNs));

        _nowNs += 500 * Ms;
        Assert.Equal(NextMaster.Untried, CallFails(Foreign, failure, isOutcomeUnknown: true));
        Assert.Equal(B, _endpoints.Current);
        Assert.True(_endpoints.MayBeForgotten(Foreign, _nowNs));
    }

    [Fact]
    public void A_master_whose_renewals_failed_is_left_at_once()
    {
        _endpoints.Renewed(A, long.MaxValue);

        Assert.Equal(NextMaster.Untried, _endpoints.RenewalsFailed(A, SessionStatus.TimedOut, null, _nowNs));
        Assert.Equal(B, _endpoints.Current);
        Assert.Equal(NextMaster.Untried, CallFails(B, SessionStatus.NoMaster, isOutcomeUnknown: true));
        Assert.Equal(C, _endpoints.Current);
    }

    [Fact]
    public void A_master_that_says_that_it_does_not_lead_is_left_and_its_stream_is_kept_while_it_answers_renewals()
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);
        _endpoints.Renewed(Foreign, _nowNs + (500 * Ms));

        Assert.Equal(NextMaster.Untried, CallFails(Foreign, SessionStatus.NotLeader));

        Assert.Equal(B, _endpoints.Current);
        Assert.False(_endpoints.MayBeForgotten(Foreign, _nowNs));
        Assert.True(_endpoints.MayBeForgotten(Foreign, _nowNs + (500 * Ms)));
    }

    [Theory]
    [InlineData(SessionStatus.TimedOut)]
    [InlineData(SessionStatus.Overloaded)]
    [InlineData(SessionStatus.IdentityInUse)]
    [InlineData(SessionStatus.ItemNotFound)]
    public void A_master_that_answered_and_did_nothing_is_the_one_to_ask_again(SessionStatus answer)
    {
        _endpoints.DoesNotLead(A, Foreign, _nowNs);

        Assert.Equal(NextMaster.Same, CallFails(Foreign, answer));

        Assert.Equal(Foreign, _endpoints.Current);
    }

    [Theory]
    [InlineData("10.0.0.1:7070")]
    [InlineData("0.0.0.0:7070")]
    [InlineData("[::]:7070")]
    [InlineData("[::ffff:0.0.0.0]:7070")]
    [InlineData("0:7070")]
    [InlineData("127.0.0.1:7070")]
    [InlineData("[::1]:7070")]
    [InlineData("[::127.0.0.1%5]:7070")]
    [InlineData("localhost:7070")]
    [InlineData("m1.localhost:7070")]
    [InlineData("10.0.0.9:0")]
    [InlineData("10.0.0.9")]
    [InlineData("user@10.0.0.9:7070")]
    [InlineData("10.0.0.9#:7070")]
    [InlineData("10.0.0.9:7070/path")]
    // A full stop of another script: what is dialled is 127.0.21.159.
    [InlineData("0x7f\u30025535:7070")]
    [InlineData("127\uff0e1:7070")]
    [InlineData("0\u30020:7070")]
    // No name of which a look-up could be made.
    [InlineData("0\ufffd\u05e8\ufffd\ufffd:7070")]
    [InlineData("")]
    public void A_hint_that_leads_nowhere_is_not_followed(string hint)
    {
        Assert.Equal(NextMaster.Untried, _endpoints.DoesNotLead(A, hint, _nowNs));
        Assert.Equal(B, _endpoints.Current);
    }

    [Theory]
    [InlineData("127.0.0.1:7070", "127.0.0.1:7071")]
    [InlineData("localhost:7070", "[::1]:7071")]
    [InlineData("m1:7070", "m2.example:7070")]
    [InlineData("m1:7070", "[2001:db8::1]:7070")]
    public void A_hint_to_the_masters_own_machine_or_a_name_is_followed(string from, string hint)
    {
        Endpoints endpoints = new([from, B]);

        endpoints.DoesNotLead(from, hint, _nowNs);

        Assert.Equal(hint, endpoints.Current);
    }

    [Fact]
    public void A_hint_that_is_configured_is_followed_wherever_it_points()
    {
        Endpoints endpoints = new([A, B, "127.0.0.1:7071"]);

        endpoints.DoesNotLead(A, "127.0.0.1:7071", _nowNs);

        Assert.Equal("127.0.0.1:7071", endpoints.Current);
    }

    /// <summary>
    /// Whatever happened before, and whatever the others say: each of the others costs its own attempt and those of the few
    /// hints that it may send one after.
    /// </summary>
    [Fact]
    public void A_configured_leader_that_can_be_reached_is_tried_within_a_few_attempts() =>
        Gen.Select(
            Gen.Int[1, 6], Gen.Select(Gen.Int[0, 4], _hints, Gen.Long[0, 2000]).Array[0, 40],
            Gen.Select(Gen.Int[0, 1], _hints, Gen.Long[0, 2000]).Array[40], Gen.Int[0, 5]).Sample(
            (count, before, after, which) =>
            {
                string[] configured = [.. Enumerable.Range(1, count).Select(i => $"10.0.0.{i}:7070")];
                string leader = configured[which % count];
                Endpoints endpoints = new(configured);
                long nowNs = 0;
                foreach ((int what, string? hint, long stepMs) in before)
                {
                    nowNs += stepMs * Ms;
                    Happen(endpoints, what, hint, nowNs);
                }

                endpoints.Configure(configured);
                int attempts = 0;
                while (endpoints.Current != leader)
                {
                    (int what, string? hint, long stepMs) = after[attempts++];
                    nowNs += stepMs * Ms;
                    Happen(endpoints, what, hint, nowNs);
                    Assert.True(attempts <= count * (1 + Limits.MaxHintsInARow), $"{attempts} attempts of {count} masters");
                }
            });

    private static void Happen(Endpoints endpoints, int what, string? hint, long nowNs)
    {
        string current = endpoints.Current;
        switch (what)
        {
            case 0:
                endpoints.Failed(current, nowNs);
                break;
            case 1:
                endpoints.DoesNotLead(current, hint, nowNs);
                break;
            case 2:
                endpoints.Answered(current);
                break;
            case 3:
                endpoints.Configure(["10.0.0.7:7070", string.IsNullOrEmpty(hint) ? "10.0.0.2:7070" : hint]);
                break;
            default:
                // A late word of another one.
                endpoints.Failed(hint ?? "", nowNs);
                endpoints.Answered(hint ?? "");
                break;
        }
    }

    private NextMaster CallFails(string address, SessionStatus status, bool isOutcomeUnknown = false) =>
        _endpoints.CallFailed(address, status, isOutcomeUnknown, hint: null, _nowNs);

    private NextMaster Fail() => _endpoints.Failed(_endpoints.Current, _nowNs);
}
