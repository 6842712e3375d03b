using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Which hook runs next.</summary>
public sealed class HookOrderTests
{
    private const int MiB = 1024 * 1024;

    private static readonly Gen<Step> _steps = Gen.Select(
        Gen.Frequency(
            (12, StepKind.PostCall), (1, StepKind.PostAdmitted), (3, StepKind.PostEnd), (3, StepKind.Drop),
            (4, StepKind.TakeCall), (4, StepKind.TakeEnd), (6, StepKind.Done), (1, StepKind.Rush)),
        Gen.Int[0, 1000], (kind, number) => new Step(kind, number));

    private readonly HookOrder<int> _hooks = new();
    private int _posted;

    private enum StepKind
    {
        PostCall,
        PostAdmitted,
        PostEnd,
        Drop,
        TakeCall,
        TakeEnd,
        Done,

        /// <summary>Calls of one identity until it has no place left: by chance alone hardly a history gets there.</summary>
        Rush,
    }

    [Fact]
    public void Order_bounds_and_everything_that_was_posted_are_kept_whatever_happens()
    {
        int refused = 0;
        _steps.Array[0, 600].Sample(steps =>
        {
            Model model = new();
            foreach (Step step in steps)
            {
                model.Do(step);
            }

            model.RunTheRest();
            System.Threading.Interlocked.Add(ref refused, model.Refused);
        });
        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void Ends_run_before_the_calls_of_their_identity_and_never_beside_one()
    {
        Hook<int> running = PostCall("a");
        Assert.Same(running, Take(HookWay.Call));
        Hook<int> later = PostCall("a");
        Hook<int> end = PostEnd("a");
        Assert.False(_hooks.IsReady(HookWay.Call) || _hooks.IsReady(HookWay.End));

        _hooks.Done(running);
        Assert.False(_hooks.IsReady(HookWay.Call));
        Assert.Same(end, Take(HookWay.End));
        Assert.False(_hooks.IsReady(HookWay.Call));
        _hooks.Done(end);
        Assert.Same(later, Take(HookWay.Call));
    }

    [Fact]
    public void Calls_that_hang_on_every_thread_do_not_keep_the_ends_of_others_waiting_nor_the_other_way_round()
    {
        for (int i = 0; i <= Limits.MaxHookThreads; i++)
        {
            PostCall($"hanging-{i}");
        }

        Assert.Equal(Limits.MaxHookThreads, TakeAll(HookWay.Call));
        for (int i = 0; i < 4000; i++)
        {
            PostEnd($"dead-{i}");
        }

        Assert.Equal(Limits.MaxEndHookThreads, TakeAll(HookWay.End));
        Assert.Equal((1, 4000 - Limits.MaxEndHookThreads), (_hooks.WaitingOn(HookWay.Call), _hooks.WaitingOn(HookWay.End)));
    }

    [Fact]
    public void The_end_that_a_server_which_is_back_waits_behind_is_told_before_those_of_the_dead()
    {
        Hook<int>[] ends = [.. Enumerable.Range(0, 1000).Select(i => PostEnd($"server-{i}"))];
        Hook<int> create = PostCall("server-900");
        Assert.False(_hooks.IsReady(HookWay.Call));

        Assert.Same(ends[900], Take(HookWay.End));
        _hooks.Done(ends[900]);
        Assert.Same(create, Take(HookWay.Call));
        Assert.Same(ends[0], Take(HookWay.End));
    }

    [Fact]
    public void An_identity_with_many_calls_takes_turns_with_the_others()
    {
        Hook<int>[] many = [PostCall("a"), PostCall("a"), PostCall("a")];
        Hook<int> one = PostCall("b");
        Assert.Same(many[0], Take(HookWay.Call));
        _hooks.Done(many[0]);
        Assert.Same(one, Take(HookWay.Call));
        Assert.Same(many[1], Take(HookWay.Call));
    }

    [Fact]
    public void Calls_are_refused_at_the_bound_of_their_identity_and_it_is_said_for_what_the_host_hangs()
    {
        Hook<int> first = _hooks.PostCall("a", "SessionInitialize", 0, 0, isAdmitted: false, nowNs: 0);
        Assert.Same(first, Take(HookWay.Call, nowNs: 1_000_000_000));
        Hook<int>[] waiting = [.. Enumerable.Range(0, Limits.MaxWaitingHooksPerIdentity).Select(_ => PostCall("a"))];

        AssertFull("a", "64 calls of 'a' wait", "1 run", "SessionInitialize of 'a', for 12000 ms");
        PostCall("b");
        _hooks.PostCall("a", "SessionCreated", 0, 0, isAdmitted: true, nowNs: 0);
        PostEnd("a");
        AssertFull("a", "65 calls of 'a' wait");

        Assert.True(_hooks.Drop(waiting[7]) && _hooks.Drop(waiting[8]));
        PostCall("a");
        AssertFull("a", "64 calls of 'a' wait");
    }

    [Fact]
    public void Calls_are_refused_at_the_bound_of_all()
    {
        for (int i = 0; i < Limits.MaxWaitingHooks; i++)
        {
            PostCall($"server-{i}");
        }

        AssertFull("another", "8192 calls wait");
        Assert.Equal(Limits.MaxHookThreads, TakeAll(HookWay.Call));
        PostCall("another");
    }

    [Fact]
    public void Reports_hold_their_bytes_until_they_have_returned()
    {
        Hook<int>[] reports =
            [.. Enumerable.Range(0, 64).Select(i => _hooks.PostCall($"server-{i}", "DataReport", i, MiB, isAdmitted: false, nowNs: 0))];
        Assert.Same(reports[0], Take(HookWay.Call));
        SessionException full = Assert.Throws<SessionException>(
            () => _hooks.PostCall("another", "DataReport", 0, 1, isAdmitted: false, nowNs: 0));
        Assert.Contains("67108864 bytes", full.Message, StringComparison.Ordinal);
        PostCall("another");

        _hooks.Done(reports[0]);
        Assert.Equal(63L * MiB, _hooks.Bytes);
        Assert.True(_hooks.Drop(reports[1]));
        Assert.Equal(62L * MiB, _hooks.Bytes);
    }

    [Fact]
    public void Where_too_many_ends_wait_to_be_told_no_session_can_begin_and_no_end_is_lost()
    {
        for (int i = 0; i < Limits.MaxWaitingEnds; i++)
        {
            PostEnd($"dead-{i}");
        }

        AssertFull("server", "131072 ends of sessions wait");
        PostEnd("one more");
        Assert.Equal(Limits.MaxWaitingEnds + 1, _hooks.DropAll(HookWay.End).Count);
        Assert.Equal(0, _hooks.WaitingOn(HookWay.End));
        PostCall("server");
    }

    [Fact]
    public void What_runs_cannot_be_dropped()
    {
        Hook<int> hook = PostCall("a");
        Take(HookWay.Call);
        Assert.False(_hooks.Drop(hook));
        Assert.Empty(_hooks.DropAll(HookWay.Call));
        _hooks.Done(hook);
        Assert.False(_hooks.Drop(hook));
    }

    [Fact]
    public void A_leadership_is_told_before_its_hooks_and_after_the_last_of_them()
    {
        _hooks.EnterLeadership(7, "LeadershipChanged", _posted++, _posted++);
        Hook<int> call = PostCall("a", leadership: 7);
        Hook<int> end = PostEnd("b", leadership: 7)!;
        Assert.False(_hooks.IsReady(HookWay.Call) || _hooks.IsReady(HookWay.End) || _hooks.IsReady(HookWay.Leadership));
        _hooks.BeginLeadership(7);
        Assert.False(_hooks.IsReady(HookWay.Call) || _hooks.IsReady(HookWay.End));
        Hook<int> beginning = Take(HookWay.Leadership)!;
        Assert.False(_hooks.IsReady(HookWay.Call) || _hooks.IsReady(HookWay.End));
        _hooks.Done(beginning);
        Assert.Same(call, Take(HookWay.Call));

        Assert.Empty(_hooks.EndLeadership(7));
        Assert.False(_hooks.IsReady(HookWay.Leadership));
        _hooks.Done(call);
        Assert.False(_hooks.IsReady(HookWay.Leadership));
        Assert.Same(end, Take(HookWay.End));
        Assert.False(_hooks.IsReady(HookWay.Leadership));
        _hooks.Done(end);
        Hook<int> ending = Take(HookWay.Leadership)!;
        Assert.NotSame(beginning, ending);
        Assert.True(_hooks.HasLeaderships);
        _hooks.Done(ending);
        Assert.False(_hooks.HasLeaderships);
    }

    [Fact]
    public void What_belongs_to_a_leadership_that_has_ended_is_not_taken_any_more()
    {
        TellBeginning(7);
        Hook<int> running = PostCall("a", leadership: 7);
        Take(HookWay.Call);
        Hook<int>[] waiting = [PostCall("a", leadership: 7), PostCall("a", leadership: 7)];
        Assert.Equal(waiting, _hooks.EndLeadership(7));
        AssertOver(7);
        _hooks.Done(running);
        _hooks.Done(Take(HookWay.Leadership)!);
        AssertOver(7);
    }

    [Fact]
    public void A_leadership_that_ends_before_its_host_may_hear_of_it_is_not_told()
    {
        _hooks.EnterLeadership(7, "LeadershipChanged", _posted++, _posted++);
        Hook<int> call = PostCall("a", leadership: 7);
        Assert.Equal([call], _hooks.EndLeadership(7));
        Assert.False(_hooks.IsReady(HookWay.Leadership) || _hooks.HasLeaderships);
    }

    [Fact]
    public void A_hook_of_the_old_leadership_that_hangs_keeps_neither_the_new_one_nor_its_hooks_from_running()
    {
        TellBeginning(7);
        Hook<int> hanging = PostCall("a", leadership: 7);
        Take(HookWay.Call);
        _hooks.EndLeadership(7);

        TellBeginning(8);
        Hook<int> call = PostCall("b", leadership: 8);
        Assert.Same(call, Take(HookWay.Call));
        Assert.False(_hooks.IsReady(HookWay.Leadership));
        _hooks.Done(hanging);
        Assert.NotNull(Take(HookWay.Leadership));
    }

    [Fact]
    public void A_host_that_hangs_when_leaderships_begin_is_not_told_of_more_and_what_waited_for_them_is_given_back()
    {
        for (ulong leadership = 1; leadership <= Limits.MaxLeadershipHookThreads; leadership++)
        {
            _hooks.EnterLeadership(leadership, "LeadershipChanged", _posted++, _posted++);
            _hooks.BeginLeadership(leadership);
            Assert.NotNull(Take(HookWay.Leadership));
        }

        _hooks.EnterLeadership(99, "LeadershipChanged", _posted++, _posted++);
        _hooks.BeginLeadership(99);
        Assert.False(_hooks.IsReady(HookWay.Leadership));
        Hook<int> call = PostCall("a", leadership: 99);
        Hook<int> dropped = PostCall("a", leadership: 99);
        Assert.True(_hooks.Drop(dropped));
        Hook<int> end = PostEnd("b", leadership: 99)!;
        Assert.Equal([call, end], _hooks.EndLeadership(99));
        AssertOver(99);
        Assert.Equal((0, 0, 0), (_hooks.WaitingOn(HookWay.Call), _hooks.WaitingOn(HookWay.End), _hooks.WaitingOn(HookWay.Leadership)));
    }

    [Fact]
    public void What_was_taken_needs_no_memory_any_more()
    {
        Live(warmUp: true);
        Assert.Equal(0, Live(warmUp: false));

        long Live(bool warmUp)
        {
            HookOrder<int> hooks = new();
            hooks.EnterLeadership(7, "LeadershipChanged", 0, 0);
            hooks.PostCall("a", "CheckLeader", 0, 0, isAdmitted: false, nowNs: 0, 7);
            hooks.PostEnd("b", "SessionEnded", 0, 7);
            Hook<int> dropped = hooks.PostCall("c", "CheckLeader", 0, 0, isAdmitted: false, nowNs: 0, 7);
            hooks.PostCall("d", "CheckLeader", 0, 0, isAdmitted: false, nowNs: 0, 7);
            long before = GC.GetAllocatedBytesForCurrentThread();
            hooks.BeginLeadership(7);
            hooks.Done(hooks.Take(HookWay.Leadership, 0)!);
            bool isDropped = hooks.Drop(dropped);
            Hook<int> running = hooks.Take(HookWay.Call, 0)!;
            int refused = hooks.EndLeadership(7).Count;
            hooks.Done(running);
            hooks.Done(hooks.Take(HookWay.End, 0)!);
            hooks.Done(hooks.Take(HookWay.Leadership, 0)!);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(warmUp || (isDropped && refused == 1 && !hooks.HasLeaderships));
            return allocated;
        }
    }

    [Fact]
    public void Leaderships_come_one_by_one_around_their_hooks_whatever_happens() => _steps.Array[0, 300].Sample(steps =>
    {
        HookOrder<int> hooks = new();
        List<Hook<int>> running = [];
        HashSet<ulong> begun = [];
        HashSet<ulong> told = [];
        ulong current = 0;
        ulong last = 0;
        foreach (Step step in steps)
        {
            switch (step.Kind)
            {
                case StepKind.PostAdmitted when current == 0:
                    hooks.EnterLeadership(current = ++last, "LeadershipChanged", 0, 1);
                    hooks.BeginLeadership(current);
                    break;
                case StepKind.PostAdmitted or StepKind.Drop when current != 0 && step.Number % 3 == 0:
                    hooks.EndLeadership(current);
                    current = 0;
                    break;
                case StepKind.PostCall when current != 0 && step.Number < 900:
                    hooks.PostCall($"{step.Number % 4}", "CheckLeader", 0, 0, isAdmitted: true, 0, current);
                    break;
                case StepKind.PostEnd when current != 0:
                    hooks.PostEnd($"{step.Number % 4}", "SessionEnded", 0, current);
                    break;
                case StepKind.Done when running.Count > 0:
                    Hook<int> done = running[step.Number % running.Count];
                    running.Remove(done);
                    hooks.Done(done);
                    if (done.Way == HookWay.Leadership)
                    {
                        Assert.True((done.Work == 0 ? begun : told).Add(done.Leadership));
                    }

                    break;
                case StepKind.TakeCall or StepKind.TakeEnd or StepKind.Rush:
                    HookWay way = (HookWay)(step.Number % 3);
                    if (hooks.Take(way, 0) is not { } taken)
                    {
                        break;
                    }

                    bool isOfLast = running.Any(other => other.Way != HookWay.Leadership && other.Leadership == taken.Leadership);
                    Assert.Equal(way == HookWay.Leadership && taken.Work == 0, !begun.Contains(taken.Leadership));
                    Assert.False(way == HookWay.Leadership && taken.Work == 1 && isOfLast);
                    Assert.DoesNotContain(taken.Leadership, told);
                    running.Add(taken);
                    break;
                default:
                    break;
            }
        }
    });

    private void TellBeginning(ulong leadership)
    {
        _hooks.EnterLeadership(leadership, "LeadershipChanged", _posted++, _posted++);
        _hooks.BeginLeadership(leadership);
        _hooks.Done(Take(HookWay.Leadership)!);
    }

    private void AssertOver(ulong leadership)
    {
        Assert.Equal(
            SessionStatus.NotLeader, Assert.Throws<SessionException>(() => PostCall("late", leadership)).Status);
        Assert.Null(PostEnd("late", leadership));
    }

    private Hook<int> PostCall(string identity, ulong leadership) =>
        _hooks.PostCall(identity, "CheckLeader", _posted++, 0, isAdmitted: false, nowNs: 0, leadership);

    private Hook<int>? PostEnd(string identity, ulong leadership) =>
        _hooks.PostEnd(identity, "SessionEnded", _posted++, leadership);

    private Hook<int> PostCall(string identity) =>
        _hooks.PostCall(identity, "CheckLeader", _posted++, 0, isAdmitted: false, nowNs: 0);

    private Hook<int> PostEnd(string identity) => _hooks.PostEnd(identity, "SessionEnded", _posted++)!;

    private Hook<int>? Take(HookWay way, long nowNs = 0) => _hooks.Take(way, nowNs);

    private int TakeAll(HookWay way)
    {
        int taken = 0;
        while (Take(way) != null)
        {
            taken++;
        }

        return taken;
    }

    private void AssertFull(string identity, params string[] said)
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => _hooks.PostCall(identity, "CheckLeader", 0, 0, isAdmitted: false, nowNs: 13_000_000_000));
        Assert.Equal((SessionStatus.Overloaded, Limits.QueueRetryMs), (refusal.Status, refusal.RetryAfterMs));
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    private sealed record Step(StepKind Kind, int Number);

    /// <summary>The same, slowly: a list of all that waits.</summary>
    private sealed class Model
    {
        private static readonly string[] _identities = ["a", "b", "c"];
        private readonly HookOrder<int> _hooks = new();
        private readonly List<Hook<int>> _waiting = [];
        private readonly List<Hook<int>> _running = [];
        private int _posted;
        private int _ended;

        internal int Refused { get; private set; }

        internal void Do(Step step)
        {
            string identity = _identities[step.Number % _identities.Length];
            switch (step.Kind)
            {
                case StepKind.PostCall when Own(identity, HookWay.Call).Count() >= Limits.MaxWaitingHooksPerIdentity:
                    Assert.Throws<SessionException>(() => Post(identity, isAdmitted: false));
                    Refused++;
                    break;
                case StepKind.PostCall or StepKind.PostAdmitted:
                    _waiting.Add(Post(identity, step.Kind == StepKind.PostAdmitted));
                    break;
                case StepKind.PostEnd:
                    _waiting.Add(_hooks.PostEnd(identity, "SessionEnded", _posted++)!);
                    break;
                case StepKind.Rush:
                    while (Own(identity, HookWay.Call).Count() < Limits.MaxWaitingHooksPerIdentity)
                    {
                        _waiting.Add(Post(identity, isAdmitted: false));
                    }

                    Do(step with { Kind = StepKind.PostCall });
                    break;
                case StepKind.Drop when _waiting.Count > 0:
                    Hook<int> dropped = _waiting[step.Number % _waiting.Count];
                    Assert.True(_hooks.Drop(dropped) && _waiting.Remove(dropped));
                    Assert.False(_hooks.Drop(dropped));
                    _ended++;
                    break;
                case StepKind.TakeCall or StepKind.TakeEnd:
                    Take(step.Kind == StepKind.TakeCall ? HookWay.Call : HookWay.End);
                    break;
                case StepKind.Done when _running.Count > 0:
                    Hook<int> done = _running[step.Number % _running.Count];
                    _hooks.Done(done);
                    _running.Remove(done);
                    _ended++;
                    break;
                default:
                    break;
            }

            Assert.Equal(_waiting.Count(hook => hook.Way == HookWay.Call), _hooks.WaitingOn(HookWay.Call));
            Assert.Equal(_waiting.Count(hook => hook.Way == HookWay.End), _hooks.WaitingOn(HookWay.End));
            Assert.Equal(_running.Count, _hooks.Running);
            Assert.Same(_running.FirstOrDefault(), _hooks.Longest);
            Assert.Equal(_waiting.Concat(_running).Count(hook => hook.Way == HookWay.Call) * 10, _hooks.Bytes);
        }

        internal void RunTheRest()
        {
            while (_waiting.Count + _running.Count > 0)
            {
                int before = _ended;
                Do(new Step(StepKind.TakeEnd, 0));
                Do(new Step(StepKind.TakeCall, 0));
                Do(new Step(StepKind.Done, 0));
                Assert.NotEqual(before, _ended);
            }

            Assert.Equal((_posted, 0L), (_ended, _hooks.Bytes));
        }

        private void Take(HookWay way)
        {
            Hook<int>[] next = [.. _identities.Where(identity => !_running.Any(hook => hook.Identity == identity))
                .Select(identity => Own(identity, HookWay.End).Concat(Own(identity, HookWay.Call)).FirstOrDefault())
                .Where(hook => hook?.Way == way).Select(hook => hook!)];
            Assert.Equal(next.Length > 0, _hooks.IsReady(way));
            Hook<int>? taken = _hooks.Take(way, 0);
            if (next.Length == 0)
            {
                Assert.Null(taken);
                return;
            }

            Assert.Contains(taken, next);
            _waiting.Remove(taken!);
            _running.Add(taken!);
        }

        private Hook<int> Post(string identity, bool isAdmitted)
        {
            Hook<int> hook = _hooks.PostCall(identity, "CheckLeader", _posted, 10, isAdmitted, 0);
            _posted++;
            return hook;
        }

        private IEnumerable<Hook<int>> Own(string identity, HookWay way) =>
            _waiting.Where(hook => hook.Identity == identity && hook.Way == way);
    }
}
