using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Which of a host's hooks runs next. Those of one identity run one after the other: ends before calls, and otherwise in the order
/// in which they were posted. Identities take turns on each way; an end that a call of its identity waits behind goes first.
/// </summary>
/// <remarks>
/// Calls are refused where too many wait, or where all that run hang. Ends are bounded by that: where too many wait, calls are refused,
/// and a session begins with calls. Of a leadership's beginnings and ends there are no more than hooks that run or wait. The caller keeps
/// calls of this class from overlapping.
/// </remarks>
/// <typeparam name="T">What is to be run.</typeparam>
public sealed partial class HookOrder<T>
{
    private readonly Dictionary<string, HookLane<T>> _lanes = new(StringComparer.Ordinal);
    private readonly LinkedList<HookLane<T>> _readyCalls = [];
    private readonly LinkedList<HookLane<T>> _readyEnds = [];
    private readonly LinkedList<HookLane<T>> _awaitedEnds = [];

    /// <summary>In the order in which they began.</summary>
    private readonly LinkedList<Hook<T>> _running = [];
    private readonly LinkedList<Hook<T>>[] _dropped = [[], [], []];
    private readonly int[] _waiting = new int[3];
    private readonly int[] _runningOn = new int[3];

    /// <summary>Of what the calls bring, until they have returned.</summary>
    public long Bytes { get; private set; }

    /// <summary>The one that has been running for longest; null: none runs.</summary>
    public Hook<T>? Longest => _running.First?.Value;

    /// <summary>How many run.</summary>
    public int Running => _running.Count;

    /// <summary>How many wait on a way.</summary>
    public int WaitingOn(HookWay way) => _waiting[(int)way];

    /// <summary>Can one be taken on a way?</summary>
    public bool IsReady(HookWay way) => _runningOn[(int)way] < way.MostRunning() && way switch
    {
        HookWay.Call => _readyCalls.Count,
        HookWay.End => Ends.Count,
        _ => _readyNews.Count,
    } > 0;

    private LinkedList<HookLane<T>> Ends => _awaitedEnds.Count > 0 ? _awaitedEnds : _readyEnds;

    /// <summary>A call waits behind those of its identity.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="name">Of the hook.</param>
    /// <param name="work">What to run.</param>
    /// <param name="bytes">Of what it brings.</param>
    /// <param name="isAdmitted">It goes on with what was begun, which must not be left half done.</param>
    /// <param name="nowNs">Now.</param>
    /// <param name="leadership">The number of that in which it was asked; 0: in none.</param>
    /// <exception cref="SessionException">Overloaded; NotLeader: that leadership has ended.</exception>
    public Hook<T> PostCall(
        string identity, string name, T work, long bytes, bool isAdmitted, long nowNs, ulong leadership = 0)
    {
        if (IsOver(leadership))
        {
            throw HookWays.RefusalOfPast();
        }

        if (!isAdmitted && (WhatIsFull(identity, bytes) ?? (IsStuck(nowNs) ? WhatIsStuck(nowNs) : null)) is { } full)
        {
            throw Refusal(full, nowNs);
        }

        return Post(new Hook<T>(identity, name, HookWay.Call, work, bytes, leadership) { IsAdmitted = isAdmitted });
    }

    /// <summary>An end waits behind the ends of its identity. Null: its leadership has ended, and it is not told.</summary>
    public Hook<T>? PostEnd(string identity, string name, T work, ulong leadership = 0) =>
        IsOver(leadership) ? null : Post(new Hook<T>(identity, name, HookWay.End, work, 0, leadership));

    /// <summary>No caller waits for the hook any more. False: it was taken before.</summary>
    public bool Drop(Hook<T> hook)
    {
        if (hook.IsGone || hook.BeganNs != null)
        {
            return false;
        }

        Leave(hook);
        Gone(hook);
        return true;
    }

    /// <summary>Drops all that wait on a way.</summary>
    /// <returns>They; good until the next call.</returns>
    public IReadOnlyCollection<Hook<T>> DropAll(HookWay way)
    {
        LinkedList<Hook<T>> dropped = _dropped[(int)way];
        dropped.Clear();
        foreach ((_, HookLane<T> lane) in _lanes)
        {
            DropInto(dropped, lane.WaitingOn(way), way, leadership: null);
        }

        foreach ((_, LeadershipHooks<T> leadership) in _leaderships)
        {
            DropInto(dropped, leadership.Held, way, leadership: null);
        }

        return dropped;
    }

    // Null: of all ways, or of all leaderships.
    private void DropInto(
        LinkedList<Hook<T>> dropped, LinkedList<Hook<T>> waiting, HookWay? way, ulong? leadership, bool sparesAdmitted = false)
    {
        for (LinkedListNode<Hook<T>>? at = waiting.First; at != null;)
        {
            Hook<T> hook = at.Value;
            at = at.Next;
            bool isMeant = hook.Way == (way ?? hook.Way) && hook.Leadership == (leadership ?? hook.Leadership) &&
                !(sparesAdmitted && hook.IsAdmitted);
            if (isMeant && Drop(hook))
            {
                dropped.AddLast(hook.Node);
            }
        }
    }

    /// <summary>Begins the next one of a way; <see cref="Done"/> ends it.</summary>
    public Hook<T>? Take(HookWay way, long nowNs)
    {
        if (!IsReady(way))
        {
            return null;
        }

        Hook<T> hook = way == HookWay.Leadership ? TakeNews() : TakeOfLane(way);
        hook.BeganNs = nowNs;
        _running.AddLast(hook.Node);
        _runningOn[(int)way]++;
        _lastBeganNs = way == HookWay.Call ? nowNs : _lastBeganNs;
        return hook;
    }

    /// <summary>The hook has returned.</summary>
    public void Done(Hook<T> hook)
    {
        _running.Remove(hook.Node);
        _runningOn[(int)hook.Way]--;
        if (hook.Way == HookWay.Leadership)
        {
            DoneNews(hook);
            return;
        }

        hook.Lane!.IsRunning = false;
        Gone(hook);
    }

    // Dropped, or done.
    private void Gone(Hook<T> hook)
    {
        hook.IsGone = true;
        hook.Lane!.Open--;
        Bytes -= hook.Bytes;
        File(hook.Lane);
        NoteGone(hook);
    }

    private Hook<T> TakeOfLane(HookWay way)
    {
        HookLane<T> lane = (way == HookWay.Call ? _readyCalls : Ends).First!.Value;
        Hook<T> hook = lane.WaitingOn(way).First!.Value;
        Leave(hook);
        lane.IsRunning = true;
        File(lane);
        return hook;
    }

    private Hook<T> Post(Hook<T> hook)
    {
        // The last that needs memory: nothing that was taken is lost later for want of it.
        hook.Lane = LaneOf(hook.Identity);
        hook.Lane.Open++;
        _waiting[(int)hook.Way]++;
        Bytes += hook.Bytes;
        if (!Hold(hook))
        {
            EnterLane(hook);
        }

        return hook;
    }

    private HookLane<T> LaneOf(string identity)
    {
        if (!_lanes.TryGetValue(identity, out HookLane<T>? lane))
        {
            _lanes.Add(identity, lane = new HookLane<T>(identity));
        }

        return lane;
    }

    private void EnterLane(Hook<T> hook)
    {
        hook.Lane!.WaitingOn(hook.Way).AddLast(hook.Node);
        File(hook.Lane);
    }

    private void Leave(Hook<T> hook)
    {
        hook.Node.List!.Remove(hook.Node);
        _waiting[(int)hook.Way]--;
    }

    // A lane that stays keeps its place; a lane that has had a turn goes behind the others.
    private void File(HookLane<T> lane)
    {
        int calls = lane.WaitingOn(HookWay.Call).Count;
        int ends = lane.WaitingOn(HookWay.End).Count;
        LinkedList<HookLane<T>>? place = lane.IsRunning ? null
            : ends > 0 ? (calls > 0 ? _awaitedEnds : _readyEnds)
            : calls > 0 ? _readyCalls : null;
        if (lane.Node.List != place)
        {
            lane.Node.List?.Remove(lane.Node);
            place?.AddLast(lane.Node);
        }

        if (lane.Open == 0)
        {
            _lanes.Remove(lane.Identity);
        }
    }

    private string? WhatIsFull(string identity, long bytes)
    {
        int own = _lanes.GetValueOrDefault(identity)?.WaitingOn(HookWay.Call).Count ?? 0;
        return own >= Limits.MaxWaitingHooksPerIdentity ? $"{own} calls of '{identity}' wait for them"
            : WaitingOn(HookWay.Call) >= Limits.MaxWaitingHooks ? $"{WaitingOn(HookWay.Call)} calls wait for them"
            : WaitingOn(HookWay.End) >= Limits.MaxWaitingEnds ? $"{WaitingOn(HookWay.End)} ends of sessions wait to be told"
            : bytes > 0 && Bytes + bytes > Limits.MaxWaitingHookBytes ? $"{Bytes} bytes of reports wait for them" : null;
    }

    private SessionException Refusal(string full, long nowNs) =>
        SessionException.Overloaded($"the host's hooks hang or are behind: {full}{WhatRuns(nowNs)}", Limits.QueueRetryMs);

    private string WhatRuns(long nowNs) => Longest is { } longest
        ? $"; {Running} run, for longest {longest.Name} of '{longest.Identity}', for {longest.RunsForMs(nowNs)} ms"
        : "";
}
