using System.Collections.Generic;
using System.Linq;

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
    public void EnterLeadership(ulong leadership) => _leaderships.Add(leadership, new LeadershipHooks<T>());

    /// <summary>A leadership has begun: the host hears of it.</summary>
    /// <param name="leadership">Its number.</param>
    /// <param name="name">Of the hook.</param>
    /// <param name="work">Tells the host.</param>
    public void BeginLeadership(ulong leadership, string name, T work)
    {
        Hook<T> beginning = NewNews(leadership, name, work);
        _leaderships[leadership].Beginning = beginning;
        beginning.Node = _readyNews.AddLast(beginning);
    }

    /// <summary>A leadership has ended: no more of its hooks are taken, and what runs and the ends of its sessions go first.</summary>
    /// <returns>
    /// What is not run: calls that wait; and all, where the host has not heard that it begins: then it hears of no end either.
    /// </returns>
    public IReadOnlyList<Hook<T>> EndLeadership(ulong leadership, string name, T work)
    {
        LeadershipHooks<T> ended = _leaderships[leadership];
        bool isTold = ended.Beginning?.BeganNs != null;
        List<Hook<T>> dropped = [.. WaitingCallsOf(leadership), .. ended.Held.Where(hook => !isTold || hook.Way == HookWay.Call)];
        dropped.ForEach(hook => Drop(hook));
        if (isTold)
        {
            ended.End = NewNews(leadership, name, work);
            MayTellEnd(ended);
            return dropped;
        }

        if (ended.Beginning is { } untold)
        {
            LeaveNews(untold);
        }

        _leaderships.Remove(leadership);
        return dropped;
    }

    private IEnumerable<Hook<T>> WaitingCallsOf(ulong leadership) =>
        _lanes.Values.SelectMany(lane => lane.WaitingOn(HookWay.Call)).Where(hook => hook.Leadership == leadership);

    private bool IsOver(ulong leadership) =>
        leadership != 0 && (!_leaderships.TryGetValue(leadership, out LeadershipHooks<T>? found) || found.End != null);

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
            hook.Node = leadership.Held.AddLast(hook);
        }

        return !leadership.HasBegun;
    }

    // Dropped, or done.
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
        if (leadership is { HasBegun: true, Open: 0, End: { Node: null, BeganNs: null } end })
        {
            end.Node = _readyNews.AddLast(end);
        }
    }

    private Hook<T> NewNews(ulong leadership, string name, T work)
    {
        _waiting[(int)HookWay.Leadership]++;
        return new Hook<T>("", name, HookWay.Leadership, work, 0, leadership);
    }

    private Hook<T> TakeNews()
    {
        Hook<T> news = _readyNews.First!.Value;
        LeaveNews(news);
        return news;
    }

    private void LeaveNews(Hook<T> news)
    {
        _readyNews.Remove(news.Node!);
        news.Node = null;
        _waiting[(int)HookWay.Leadership]--;
    }
}
