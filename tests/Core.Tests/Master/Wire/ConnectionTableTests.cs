using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Wire;

/// <summary>Who keeps a place, and who goes.</summary>
public sealed class ConnectionTableTests
{
    private const long GraceNs = Limits.StrangerGraceMs * 1_000_000L;
    private const long SilentNs = Limits.SilentConnectionMs * 1_000_000L;

    private readonly ConnectionTable<string> _table = new(2, 2);

    [Fact]
    public void For_a_new_connection_a_stranger_that_never_said_anything_goes_first()
    {
        Opens("a", 1);
        Opens("b", 2);
        _table.Use("a", 1);

        Assert.Equal(PlaceAnswer.Later, _table.Open("c", 2 + GraceNs, out string? mustGo));
        Assert.Equal("b", mustGo);
        Assert.Equal(PlaceAnswer.Later, _table.Open("c", 2 + GraceNs, out mustGo));
        Assert.Null(mustGo);
        _table.Close("b");
        Opens("c", 2 + GraceNs);
    }

    [Fact]
    public void Of_those_that_have_the_longest_unused_goes_first()
    {
        Opens("a", 1);
        Opens("b", 2);
        _table.Use("a", 3);
        _table.Use("b", 4);
        _table.Use("a", 5);

        Assert.Equal(PlaceAnswer.Later, _table.Open("c", 4 + GraceNs, out string? mustGo));
        Assert.Equal("b", mustGo);
    }

    [Fact]
    public void Everybody_has_a_moment_to_say_something()
    {
        Opens("a", 1);
        Opens("b", 1);

        Assert.Equal(PlaceAnswer.Later, _table.Open("c", GraceNs, out string? mustGo));
        Assert.Null(mustGo);
        Assert.Equal(PlaceAnswer.Later, _table.Open("c", GraceNs + 1, out mustGo));
        Assert.Equal("a", mustGo);
    }

    [Fact]
    public void Who_holds_a_session_keeps_the_place()
    {
        Opens("a", 1);
        Opens("b", 2);
        _table.Prove("a", 1, 2);

        Assert.Equal(PlaceAnswer.Later, _table.Open("c", SilentNs, out string? mustGo));
        Assert.Equal("b", mustGo);
        _table.Close("b");
        Opens("c", SilentNs);
        _table.Prove("c", 2, SilentNs);
        Assert.Equal(PlaceAnswer.None, _table.Open("d", 2 * SilentNs, out mustGo));
        Assert.Null(mustGo);
        Assert.False(_table.TryEvict(2 * SilentNs, out _));
        Assert.Empty(_table.TakeSilent(10 * SilentNs));
    }

    [Fact]
    public void One_that_has_shown_who_it_is_goes_behind_all_strangers_and_keeps_no_holder_out()
    {
        Opens("a", 1);
        Opens("b", 2);
        _table.Vouch("a", 2);
        Assert.Equal(["b"], _table.TakeSilent(10 * SilentNs));
        _table.Close("b");
        Opens("c", 10 * SilentNs);

        Assert.Equal(PlaceAnswer.Later, _table.Open("d", 11 * SilentNs, out string? mustGo));
        Assert.Equal("c", mustGo);
        _table.Close("c");
        Opens("d", 11 * SilentNs);
        _table.Vouch("d", 11 * SilentNs);
        _table.Use("a", 12 * SilentNs);
        Assert.Equal(PlaceAnswer.Later, _table.Open("e", 13 * SilentNs, out mustGo));
        Assert.Equal("d", mustGo);
        _table.Close("d");
        Opens("e", 13 * SilentNs);
        _table.Prove("a", 1, 13 * SilentNs);
        _table.Prove("e", 2, 13 * SilentNs);
        Assert.Equal(PlaceAnswer.None, _table.Open("f", 14 * SilentNs, out _));
    }

    [Fact]
    public void One_that_has_shown_who_it_is_has_its_moment_from_there_and_goes_last_while_it_calls()
    {
        Opens("slow", 0);
        Opens("idle", 0);
        _table.Vouch("slow", 5 * GraceNs);
        _table.Vouch("idle", 5 * GraceNs);
        // Its handshake may have taken longer than the moment that it has for its first call.
        Assert.Equal(PlaceAnswer.Later, _table.Open("new", (6 * GraceNs) - 1, out string? mustGo));
        Assert.Null(mustGo);

        _table.BeginCall("slow", 6 * GraceNs);
        Assert.Equal(PlaceAnswer.Later, _table.Open("new", 10 * GraceNs, out mustGo));
        Assert.Equal("idle", mustGo);
        _table.Close("idle");
        Opens("new", 10 * GraceNs);
        _table.Prove("new", 1, 10 * GraceNs);
        Assert.True(_table.TryEvict(10 * GraceNs, out mustGo));
        Assert.Equal("slow", mustGo);
    }

    [Fact]
    public void Of_places_for_strangers_it_takes_none()
    {
        ConnectionTable<int> table = new(10, 2);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(PlaceAnswer.Granted, table.Open(i, 0, out _));
            table.Vouch(i, 0);
        }

        Assert.Equal(PlaceAnswer.Granted, table.Open(8, 0, out _));
        Assert.Equal(PlaceAnswer.Granted, table.Open(9, 0, out _));
        Assert.Equal(PlaceAnswer.Later, table.Open(10, GraceNs, out int mustGo));
        Assert.Equal(8, mustGo);
    }

    [Fact]
    public void Strangers_have_some_of_the_places_only()
    {
        ConnectionTable<string> table = new(10, 2);
        Assert.Equal(PlaceAnswer.Granted, table.Open("a", 0, out _));
        Assert.Equal(PlaceAnswer.Granted, table.Open("b", 0, out _));
        Assert.Equal(PlaceAnswer.Later, table.Open("c", 1, out string? mustGo));
        Assert.Null(mustGo);

        table.Prove("a", 1, 1);
        Assert.Equal(PlaceAnswer.Granted, table.Open("c", 1, out _));
        Assert.Equal(PlaceAnswer.Later, table.Open("d", 1 + GraceNs, out mustGo));
        Assert.Equal("b", mustGo);
    }

    [Fact]
    public void Where_there_is_less_room_than_was_thought_strangers_go_until_it_is_enough()
    {
        ConnectionTable<int> table = Filled(100);

        Assert.True(table.TryEvict(GraceNs, out int first));
        Assert.False(table.TryEvict(GraceNs, out _));
        table.Shrink(98);
        Assert.True(table.TryEvict(GraceNs, out int second));
        Assert.True(table.TryEvict(GraceNs, out int third));
        Assert.False(table.TryEvict(GraceNs, out _));
        Assert.Equal([0, 1, 2], [first, second, third]);
    }

    /// <summary>Holders that dial again are strangers at first.</summary>
    [Fact]
    public void However_little_room_there_is_some_places_are_left_beside_those_that_hold_sessions()
    {
        ConnectionTable<int> table = Filled(100);
        table.Prove(99, 1, 0);
        table.Prove(98, 2, 0);

        table.Shrink(0);
        while (table.TryEvict(GraceNs, out int mustGo))
        {
            table.Close(mustGo);
        }

        // One less than it may have: a place is made for one that comes.
        Assert.Equal(2 + Limits.PlacesBesideHolders - 1, table.Count);
        Assert.Equal(PlaceAnswer.Granted, table.Open(200, GraceNs, out _));
        Assert.Equal(PlaceAnswer.Later, table.Open(201, GraceNs, out int stranger));
        Assert.NotEqual(0, stranger);
    }

    [Fact]
    public void Room_that_was_short_for_a_moment_comes_back()
    {
        ConnectionTable<int> table = Filled(4 * Limits.PlacesBesideHolders);
        table.Shrink(0);
        while (table.TryEvict(GraceNs, out int mustGo))
        {
            table.Close(mustGo);
        }

        int next = 1000;
        List<int> counts = [];
        for (int look = 0; look < 6; look++)
        {
            while (table.Open(next, 2 * GraceNs, out _) == PlaceAnswer.Granted)
            {
                next++;
            }

            counts.Add(table.Count);
            table.Recover();
        }

        Assert.Equal([64, 128, 192, 256, 256, 256], counts);
    }

    [Fact]
    public void Of_one_session_the_latest_few_connections_keep_their_places()
    {
        ConnectionTable<int> table = Filled(10);
        for (int i = 0; i < 10; i++)
        {
            table.Prove(i, 7, i);
        }

        Assert.Equal(Enumerable.Range(0, 10 - Limits.MaxConnectionsPerSession), table.TakeDemoted());
        Assert.Empty(table.TakeDemoted());
        Assert.Equal(Enumerable.Range(0, 10 - Limits.MaxConnectionsPerSession), table.TakeSilent(9 + SilentNs));

        // Whoever shows it again is one of the latest.
        table.Prove(6, 7, 20);
        table.Prove(5, 7, 21);
        Assert.Empty(table.TakeDemoted());
    }

    [Fact]
    public void With_the_session_ends_what_it_gave_its_connections()
    {
        ConnectionTable<int> table = Filled(4);
        table.Prove(0, 7, 0);
        table.Prove(1, 7, 0);
        table.Prove(2, 8, 0);

        table.SessionEnded(7, SilentNs);
        table.SessionEnded(7, SilentNs);
        Assert.Equal([1, 0], table.TakeDemoted());
        Assert.Equal([3], table.TakeSilent(SilentNs));
        Assert.Equal([1, 0], table.TakeSilent(2 * SilentNs));
    }

    [Fact]
    public void A_connection_that_has_shown_another_session_since_keeps_its_place()
    {
        ConnectionTable<int> table = Filled(1);
        table.Prove(0, 7, 0);
        table.Prove(0, 8, 1);

        table.SessionEnded(7, 2);
        Assert.Empty(table.TakeDemoted());
        Assert.Empty(table.TakeSilent(3 * SilentNs));
    }

    [Fact]
    public void What_was_shown_longer_ago_than_any_term_counts_no_more()
    {
        long longestNs = Limits.MaxTermMs * 1_000_000L;
        ConnectionTable<int> table = Filled(2);
        table.Prove(0, 7, 0);
        table.Prove(1, 8, 1);

        Assert.Empty(table.TakeSilent(longestNs - 1));
        Assert.Empty(table.TakeSilent(longestNs));
        Assert.Equal([0], table.TakeDemoted());
        Assert.Equal([0], table.TakeSilent(longestNs + SilentNs));
    }

    /// <summary>All of them have come at 0.</summary>
    private static ConnectionTable<int> Filled(int count)
    {
        ConnectionTable<int> table = new(count, count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(PlaceAnswer.Granted, table.Open(i, 0, out _));
        }

        return table;
    }

    [Fact]
    public void A_stranger_that_says_nothing_goes_after_a_while()
    {
        Opens("a", 0);
        Opens("b", 0);
        _table.Use("b", 1);

        Assert.Empty(_table.TakeSilent(SilentNs - 1));
        Assert.Equal(["a"], _table.TakeSilent(SilentNs));
        Assert.Empty(_table.TakeSilent(SilentNs));
        Assert.Equal(["b"], _table.TakeSilent(SilentNs + 1));
        Assert.Equal(2, _table.Count);
        _table.Close("a");
        _table.Close("b");
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_stranger_with_a_call_in_progress_is_not_silent()
    {
        Opens("a", 0);
        _table.BeginCall("a", 0);

        Assert.Empty(_table.TakeSilent(5 * SilentNs));
        _table.EndCall("a", 5 * SilentNs);
        Assert.Empty(_table.TakeSilent((6 * SilentNs) - 1));
        Assert.Equal(["a"], _table.TakeSilent(6 * SilentNs));
    }

    [Fact]
    public void What_has_ended_is_forgotten_whatever_comes_late()
    {
        Opens("a", 0);
        _table.Close("a");
        _table.Close("a");
        _table.Use("a", 1);
        _table.Prove("a", 1, 1);
        _table.EndCall("a", 2);

        Assert.Equal(0, _table.Count);
        Assert.False(_table.TryEvict(SilentNs, out _));
    }

    [Fact]
    public void There_are_never_more_than_there_may_be_and_no_holder_must_go() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 9]).List[1, 200].Sample(steps =>
        {
            ConnectionTable<int> table = new(4, 4);
            HashSet<int> open = [];
            HashSet<int> holders = [];
            HashSet<int> leaving = [];
            long nowNs = 0;
            foreach ((int step, int connection) in steps)
            {
                nowNs += SilentNs / 7;
                switch (step)
                {
                    case 0 when !open.Contains(connection):
                        // 0 is none of them.
                        PlaceAnswer answer = table.Open(connection + 1, nowNs, out int mustGo);
                        Assert.Equal(open.Count < 4, answer == PlaceAnswer.Granted);
                        Assert.Equal(open.Count == 4 && holders.Count == 4, answer == PlaceAnswer.None);
                        if (answer == PlaceAnswer.Granted)
                        {
                            open.Add(connection);
                        }
                        else if (mustGo != 0)
                        {
                            Assert.DoesNotContain(mustGo - 1, holders);
                            Assert.True(leaving.Add(mustGo - 1));
                        }

                        break;
                    case 1 when open.Contains(connection) && !leaving.Contains(connection):
                        // Each of a session of its own.
                        table.Prove(connection + 1, (ulong)connection + 1, nowNs);
                        holders.Add(connection);
                        break;
                    case 2:
                        table.Close(connection + 1);
                        open.Remove(connection);
                        holders.Remove(connection);
                        leaving.Remove(connection);
                        break;
                    case 3:
                        table.Use(connection + 1, nowNs);
                        break;
                    case 4 when open.Contains(connection) && !leaving.Contains(connection):
                        table.Vouch(connection + 1, nowNs);
                        break;
                    case 5:
                        foreach (int silent in table.TakeSilent(nowNs))
                        {
                            Assert.DoesNotContain(silent - 1, holders);
                            Assert.True(leaving.Add(silent - 1));
                        }

                        break;
                    default:
                        break;
                }

                Assert.Equal(open.Count, table.Count);
                Assert.True(table.Count <= 4);
            }
        });

    private void Opens(string connection, long nowNs) =>
        Assert.Equal(PlaceAnswer.Granted, _table.Open(connection, nowNs, out _));
}
