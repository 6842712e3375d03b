using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>One call of the host, in a <see cref="HookOrder{T}"/>.</summary>
/// <typeparam name="T">What is to be run.</typeparam>
public sealed class Hook<T>
{
    internal Hook(string identity, string name, HookWay way, T work, long bytes, ulong leadership)
    {
        Identity = identity;
        Name = name;
        Way = way;
        Work = work;
        Bytes = bytes;
        Leadership = leadership;
        Node = new LinkedListNode<Hook<T>>(this);
    }

    /// <summary>Whose.</summary>
    public string Identity { get; }

    /// <summary>Which of the host's hooks.</summary>
    public string Name { get; }

    /// <summary>On which way it goes.</summary>
    public HookWay Way { get; }

    /// <summary>What to run.</summary>
    public T Work { get; }

    internal long Bytes { get; }

    /// <summary>It goes on with what was begun: it is not refused where too many wait, or hang.</summary>
    internal bool IsAdmitted { get; init; }

    /// <summary>The number of the leadership that it belongs to; 0: to none.</summary>
    internal ulong Leadership { get; }

    /// <summary>Runs it, or has it run?</summary>
    public bool HasBegun => BeganNs != null;

    /// <summary>Null: it has not begun.</summary>
    internal long? BeganNs { get; set; }

    /// <summary>Where it waits, among those that run, or nowhere. It goes from list to list without memory.</summary>
    internal LinkedListNode<Hook<T>> Node { get; }

    internal bool IsQueued => Node.List != null;

    /// <summary>It was dropped, or is done.</summary>
    internal bool IsGone { get; set; }

    /// <summary>Of its identity; null: it is news of a leadership.</summary>
    internal HookLane<T>? Lane { get; set; }

    /// <summary>For how long it has been running, in milliseconds.</summary>
    public long RunsForMs(long nowNs) => BeganNs is { } began ? Ns.ToMs(nowNs - began) : 0;
}

/// <summary>The hooks of one identity.</summary>
internal sealed class HookLane<T>
{
    private readonly LinkedList<Hook<T>> _calls = [];
    private readonly LinkedList<Hook<T>> _ends = [];

    internal HookLane(string identity)
    {
        Identity = identity;
        Node = new LinkedListNode<HookLane<T>>(this);
    }

    internal string Identity { get; }

    internal bool IsRunning { get; set; }

    /// <summary>How many wait, here or for their leadership to begin, or run: with the last of them it goes.</summary>
    internal int Open { get; set; }

    /// <summary>In the list of those that are ready on one way, or in none.</summary>
    internal LinkedListNode<HookLane<T>> Node { get; }

    internal LinkedList<Hook<T>> WaitingOn(HookWay way) => way == HookWay.Call ? _calls : _ends;
}
