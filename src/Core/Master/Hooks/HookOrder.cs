using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>
/// Which of a host's hooks runs next. Those of one identity run one after the other: ends before calls, and otherwise in the order
/// in which they were posted. Identities take turns on each way; an end that a call of its identity waits behind goes first.
/// </summary>
/// <remarks>
/// Calls are refused where too many wait. Ends are bounded by that: where too many wait, calls are refused, and a session begins
/// with calls. Of a leadership's beginnings and ends there are no more than hooks that run or wait. The caller keeps calls of this
/// class from overlapping.
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

        if (!isAdmitted && WhatIsFull(identity, bytes) is { } full)
        {
            throw SessionException.Overloaded(
                $"the host's hooks hang or are behind: {full}{WhatRuns(nowNs)}", Limits.QueueRetryMs);
        }

        return Post(new Hook<T>(identity, name, HookWay.Call, work, bytes, leadership));
    }

    /// <summary>An end waits behind the ends of its identity. Null: its leadership has ended, and it is not told.</summary>
    public Hook<T>? PostEnd(string identity, string name, T work, ulong leadership = 0) =>
        IsOver(leadership) ? null : Post(new Hook<T>(identity, name, HookWay.End, work, 0, leadership));

    /// <summary>No caller waits for the hook any more. False: it was taken before.</summary>
    public bool Drop(Hook<T> hook)
    {
        if (hook.Node == null || hook.BeganNs != null)
        {
            return false;
        }

        Leave(hook);
        Bytes -= hook.Bytes;
        // The hook may have waited for its leadership to begin.
        if (_lanes.TryGetValue(hook.Identity, out HookLane<T>? lane))
        {
            File(lane);
        }

        NoteGone(hook);
        return true;
    }

    /// <summary>Drops all that wait on a way.</summary>
    public IReadOnlyList<Hook<T>> DropAll(HookWay way)
    {
        List<Hook<T>> dropped = [];
        foreach (HookLane<T> lane in _lanes.Values)
        {
            dropped.AddRange(lane.WaitingOn(way));
        }

        foreach (LeadershipHooks<T> leadership in _leaderships.Values)
        {
            dropped.AddRange(leadership.Held.Where(hook => hook.Way == way));
        }

        dropped.ForEach(hook => Drop(hook));
        return dropped;
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
        hook.Node = _running.AddLast(hook);
        _runningOn[(int)way]++;
        return hook;
    }

    /// <summary>The hook has returned.</summary>
    public void Done(Hook<T> hook)
    {
        _running.Remove(hook.Node!);
        hook.Node = null;
        _runningOn[(int)hook.Way]--;
        Bytes -= hook.Bytes;
        if (hook.Way == HookWay.Leadership)
        {
            DoneNews(hook);
            return;
        }

        HookLane<T> lane = _lanes[hook.Identity];
        lane.IsRunning = false;
        File(lane);
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
        _waiting[(int)hook.Way]++;
        Bytes += hook.Bytes;
        if (!Hold(hook))
        {
            EnterLane(hook);
        }

        return hook;
    }

    private void EnterLane(Hook<T> hook)
    {
        if (!_lanes.TryGetValue(hook.Identity, out HookLane<T>? lane))
        {
            _lanes.Add(hook.Identity, lane = new HookLane<T>(hook.Identity));
        }

        hook.Node = lane.WaitingOn(hook.Way).AddLast(hook);
        File(lane);
    }

    private void Leave(Hook<T> hook)
    {
        hook.Node!.List!.Remove(hook.Node);
        hook.Node = null;
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

        if (!lane.IsRunning && place == null)
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

    private string WhatRuns(long nowNs) => Longest is { } longest
        ? $"; {Running} run, for longest {longest.Name} of '{longest.Identity}', for {longest.RunsForMs(nowNs)} ms"
        : "";
}
