using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>
/// The host hears of each leadership before any hook of it runs, and once more after the last. Hooks of another leadership keep
/// neither waiting: one of the old that hangs must not keep the new from beginning.
/// </content>
public sealed partial class HookOrder<T>
{
    private readonly Dictionary<ulong, LeadershipHooks<T>> _leaderships = [];
    private readonly LinkedList<Hook<T>> _readyNews = [];

    /// <summary>Is there one whose end the host has not heard of?</summary>
    public bool HasLeaderships => _leaderships.Count > 0;

    /// <summary>Hooks of a leadership are taken from now on, and wait until the host has heard of it.</summary>
    /// <param name="leadership">Its number, which is not 0 and never comes again.</param>
    /// <param name="name">Of the hook that tells of it.</param>
    /// <param name="begins">Tells the host that the leadership has begun.</param>
    /// <param name="ends">Tells the host that it has ended. Both are taken now: an end that found no memory would be told to nobody.</param>
    public void EnterLeadership(ulong leadership, string name, T begins, T ends) => _leaderships.Add(leadership, new LeadershipHooks<T>(
        new Hook<T>("", name, HookWay.Leadership, begins, 0, leadership), new Hook<T>("", name, HookWay.Leadership, ends, 0, leadership)));

    /// <summary>A leadership has begun: the host hears of it.</summary>
    public void BeginLeadership(ulong leadership)
    {
        _waiting[(int)HookWay.Leadership]++;
        _readyNews.AddLast(_leaderships[leadership].Beginning.Node);
    }

    /// <summary>A leadership has ended: no more of its hooks are taken, and what runs and the ends of its sessions go first.</summary>
    /// <returns>
    /// What is not run: calls that wait; and all, where the host has not heard that it begins: then it hears of no end either.
    /// </returns>
    public IReadOnlyCollection<Hook<T>> EndLeadership(ulong leadership)
    {
        LeadershipHooks<T> ended = _leaderships[leadership];
        LinkedList<Hook<T>> dropped = ended.Dropped!;
        ended.Dropped = null;
        bool isTold = ended.Beginning.BeganNs != null;
        foreach ((_, HookLane<T> lane) in _lanes)
        {
            DropInto(dropped, lane.WaitingOn(HookWay.Call), HookWay.Call, leadership);
        }

        DropInto(dropped, ended.Held, isTold ? HookWay.Call : null, leadership);
        if (isTold)
        {
            ended.HasEnded = true;
            _waiting[(int)HookWay.Leadership]++;
            MayTellEnd(ended);
            return dropped;
        }

        if (ended.Beginning.IsQueued)
        {
            LeaveNews(ended.Beginning);
        }

        _leaderships.Remove(leadership);
        return dropped;
    }

    private bool IsOver(ulong leadership) =>
        leadership != 0 && (!_leaderships.TryGetValue(leadership, out LeadershipHooks<T>? found) || found.HasEnded);

    /// <summary>Has it been put where it waits until its leadership has begun?</summary>
    private bool Hold(Hook<T> hook)
    {
        if (hook.Leadership == 0)
        {
            return false;
        }

        LeadershipHooks<T> leadership = _leaderships[hook.Leadership];
        leadership.Open++;
        if (!leadership.HasBegun)
        {
            leadership.Held.AddLast(hook.Node);
        }

        return !leadership.HasBegun;
    }

    private void NoteGone(Hook<T> hook)
    {
        if (hook.Leadership != 0)
        {
            LeadershipHooks<T> leadership = _leaderships[hook.Leadership];
            leadership.Open--;
            MayTellEnd(leadership);
        }
    }

    private void DoneNews(Hook<T> news)
    {
        LeadershipHooks<T> leadership = _leaderships[news.Leadership];
        if (news == leadership.End)
        {
            _leaderships.Remove(news.Leadership);
            return;
        }

        leadership.HasBegun = true;
        while (leadership.Held.First is { Value: var hook })
        {
            leadership.Held.RemoveFirst();
            EnterLane(hook);
        }

        MayTellEnd(leadership);
    }

    private void MayTellEnd(LeadershipHooks<T> leadership)
    {
        if (leadership is { HasBegun: true, HasEnded: true, Open: 0, End: { IsQueued: false, BeganNs: null } end })
        {
            _readyNews.AddLast(end.Node);
        }
    }

    private Hook<T> TakeNews()
    {
        Hook<T> news = _readyNews.First!.Value;
        LeaveNews(news);
        return news;
    }

    private void LeaveNews(Hook<T> news)
    {
        _readyNews.Remove(news.Node);
        _waiting[(int)HookWay.Leadership]--;
    }
}
