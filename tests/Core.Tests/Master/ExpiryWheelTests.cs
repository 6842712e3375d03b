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
    private const long TickNs = 16 * Ms;
    private const long TurnNs = 4096 * TickNs;

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
        Gen.Select(_durations, Gen.Int[1, 5], (ns, most) => new Step(StepKind.Pass, ns, most)));

    private enum StepKind
    {
        Add,
        Renew,
        Remove,
        Pass,
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
                        AssertTakesAllDue(wheel, filed, nowNs, step.Number);
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
            wheel.TakeDue(nowNs, 10, due);
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
        wheel.TakeDue(TurnNs, 10, due);
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
        wheel.TakeDue(TurnNs, 512, due);
        Assert.Equal(512, due.Count);
        List<Session> rest = [];
        wheel.TakeDue(TurnNs, 512, rest);
        Assert.Equal(1000, due.Concat(rest).Distinct().Count());
    }

    private static void AssertTakesAllDue(ExpiryWheel wheel, List<Session> filed, long nowNs, int most)
    {
        List<Session> taken = [];
        List<Session> due = [];
        do
        {
            due.Clear();
            wheel.TakeDue(nowNs, most, due);
            Assert.True(due.Count <= most);
            taken.AddRange(due);
        }
        while (due.Count == most);

        Assert.Equal(
            filed.Where(session => session.DeadlineNs <= nowNs).OrderBy(session => session.Key.SessionId),
            taken.OrderBy(session => session.Key.SessionId));
        filed.RemoveAll(taken.Contains);
    }

    private static Session SessionUntil(ulong id, long deadlineNs) =>
        new(new SessionKey(id, id, id), TestTable.Server($"s{id}"), 1000, secret: 0)
        {
            DeadlineNs = deadlineNs,
            MarkDueNs = long.MaxValue,
        };

    private sealed record Step(StepKind Kind, long Ns, int Number);
}
