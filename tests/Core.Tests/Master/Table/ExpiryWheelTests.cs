using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>The wheel against a plain list of deadlines.</summary>
public sealed class ExpiryWheelTests
{
    private const long Ms = 1_000_000;
    private const long TickNs = Limits.WheelTickMs * Ms;
    private const long TurnNs = Limits.WheelSlots * TickNs;

    // Steps and terms around a tick, a turn and several turns: where rounding or a missed slot would show.
    private static readonly Gen<long> _durations = Gen.OneOf(
        Gen.Long[0, 3 * TickNs],
        Gen.Long[0, 10_000 * Ms],
        Gen.Long[TurnNs - (2 * TickNs), TurnNs + (2 * TickNs)],
        Gen.Long[0, 5 * TurnNs]);

    private static readonly Gen<Step> _steps = Gen.OneOf(
        _durations.Select(ns => new Step(StepKind.Add, ns, 0)),
        Gen.Select(_durations, Gen.Int[0, 100], (ns, which) => new Step(StepKind.Renew, ns, which)),
        Gen.Int[0, 100].Select(which => new Step(StepKind.Remove, 0, which)),
        Gen.Select(_durations, Gen.Int[1, 5], Gen.Int[1, 6], (ns, most, looks) => new Step(StepKind.Pass, ns, most, looks)),
        Gen.Select(_durations, Gen.Int[1, 3], (ns, looks) => new Step(StepKind.Part, ns, 5, looks)));

    private enum StepKind
    {
        Add,
        Renew,
        Remove,
        Pass,

        // One look of a pass that others interrupt.
        Part,
    }

    [Fact]
    public void Exactly_those_whose_deadline_has_come_are_taken_whatever_happened_before() =>
        Gen.Select(Gen.Long[0, 3 * TurnNs], _steps.List[0, 200]).Sample((startNs, steps) =>
        {
            long nowNs = startNs;
            ExpiryWheel wheel = new(nowNs);
            List<Session> filed = [];
            ulong nextId = 1;
            foreach (Step step in steps)
            {
                switch (step.Kind)
                {
                    case StepKind.Add:
                        filed.Add(SessionUntil(nextId++, nowNs + step.Ns));
                        wheel.Add(filed[^1]);
                        break;
                    case StepKind.Renew when filed.Count > 0:
                        Session renewed = filed[step.Number % filed.Count];
                        renewed.DeadlineNs = long.Max(renewed.DeadlineNs, nowNs + step.Ns);
                        break;
                    case StepKind.Remove when filed.Count > 0:
                        Session removed = filed[step.Number % filed.Count];
                        ExpiryWheel.Remove(removed);
                        filed.Remove(removed);
                        break;
                    case StepKind.Pass:
                        nowNs += step.Ns;
                        AssertTakesAllDue(wheel, filed, nowNs, step.Number, step.Looks);
                        break;
                    case StepKind.Part:
                        nowNs += step.Ns;
                        AssertTakesWhatIsDue(wheel, filed, nowNs, step.Number, step.Looks);
                        break;
                    default:
                        break;
                }
            }

            Assert.All(filed, session => Assert.NotNull(session.WheelNode?.List));
        });

    [Fact]
    public void A_failed_expiry_that_is_filed_again_is_taken_at_the_next_look()
    {
        ExpiryWheel wheel = new(0);
        Session session = SessionUntil(1, 50 * TickNs);
        wheel.Add(session);
        long nowNs = 100 * TickNs;
        for (int i = 0; i < 3; i++)
        {
            List<Session> due = [];
            wheel.TakeDue(nowNs, 10, int.MaxValue, due);
            Assert.Equal([session], due);
            wheel.Add(session);
        }
    }

    [Fact]
    public void A_removed_session_may_be_removed_again()
    {
        ExpiryWheel wheel = new(0);
        Session session = SessionUntil(1, TickNs);
        wheel.Add(session);

        ExpiryWheel.Remove(session);
        ExpiryWheel.Remove(session);

        List<Session> due = [];
        wheel.TakeDue(TurnNs, 10, int.MaxValue, due);
        Assert.Empty(due);
    }

    [Fact]
    public void A_look_at_a_full_wheel_takes_no_more_than_asked()
    {
        ExpiryWheel wheel = new(0);
        for (ulong id = 1; id <= 1000; id++)
        {
            wheel.Add(SessionUntil(id, (long)id * Ms));
        }

        List<Session> due = [];
        wheel.TakeDue(TurnNs, 512, int.MaxValue, due);
        Assert.Equal(512, due.Count);
        List<Session> rest = [];
        wheel.TakeDue(TurnNs, 512, int.MaxValue, rest);
        Assert.Equal(1000, due.Concat(rest).Distinct().Count());
    }

    [Fact]
    public void A_look_at_a_slot_with_everybody_in_it_is_gone_on_with_in_bounded_steps()
    {
        const int Count = 10_000;
        const int Looks = 1000;
        ExpiryWheel wheel = new(0);
        Session[] all = [.. Enumerable.Range(1, Count).Select(id => SessionUntil((ulong)id, TickNs))];
        foreach (Session session in all)
        {
            wheel.Add(session);
            session.DeadlineNs = TurnNs / 2;
        }

        List<Session> due = [];
        for (int i = 1; i < Count / Looks; i++)
        {
            Assert.False(wheel.TakeDue(2 * TickNs, int.MaxValue, Looks, due));
        }

        Assert.True(wheel.TakeDue(2 * TickNs, int.MaxValue, Looks, due));
        Assert.Empty(due);
        Assert.True(wheel.TakeDue(TurnNs / 2, int.MaxValue, Count, due));
        Assert.Equal(Count, due.Count);
    }

    [Fact]
    public void What_becomes_due_while_a_look_is_interrupted_is_not_passed_over()
    {
        ExpiryWheel wheel = new(0);
        Session early = SessionUntil(1, (10 * TickNs) + 1);
        Session late = SessionUntil(2, (10 * TickNs) + 2);
        Session later = SessionUntil(3, (10 * TickNs) + 3);
        wheel.Add(late);
        wheel.Add(early);
        List<Session> due = [];
        Assert.False(wheel.TakeDue((10 * TickNs) + 1, 10, looks: 1, due));
        wheel.Add(later);

        Assert.True(wheel.TakeDue(12 * TickNs, 10, looks: 10, due));

        Assert.Equal([early, later, late], due);
    }

    private static void AssertTakesAllDue(ExpiryWheel wheel, List<Session> filed, long nowNs, int most, int looks)
    {
        // A slot is passed twice at most, and a look at an empty one is none.
        int patience = (3 * filed.Count) + 10;
        while (!AssertTakesWhatIsDue(wheel, filed, nowNs, most, looks))
        {
            Assert.True(patience-- > 0, "it never ends");
        }

        // A pass that an earlier look had begun within this tick has seen the first of it only.
        while (!AssertTakesWhatIsDue(wheel, filed, nowNs, most, looks))
        {
            Assert.True(patience-- > 0, "it never ends");
        }

        Assert.DoesNotContain(filed, session => session.DeadlineNs <= nowNs);
    }

    private static bool AssertTakesWhatIsDue(ExpiryWheel wheel, List<Session> filed, long nowNs, int most, int looks)
    {
        List<Session> due = [];
        bool isDone = wheel.TakeDue(nowNs, most, looks, due);
        Assert.InRange(due.Count, 0, int.Min(most, looks));
        Assert.All(due, session => Assert.True(session.DeadlineNs <= nowNs && filed.Remove(session)));
        return isDone;
    }

    private static Session SessionUntil(ulong id, long deadlineNs) =>
        new(new SessionKey(id, id, id), TestTable.Server($"s{id}"), 1000, secretHash: default)
        {
            DeadlineNs = deadlineNs,
            MarkDueNs = long.MaxValue,
        };

    private sealed record Step(StepKind Kind, long Ns, int Number, int Looks = 0);
}
