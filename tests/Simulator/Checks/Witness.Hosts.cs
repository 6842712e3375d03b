using System.Collections.Generic;
using System.Runtime.InteropServices;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Masters' hosts: each hears of a leadership before any other hook of it, and once more after the last.</content>
internal sealed partial class Witness
{
    /// <summary>Those that a host has heard of, and whether it has heard that they ended.</summary>
    private readonly Dictionary<(string Host, ulong Leadership), bool> _heardOf = [];
    private readonly Dictionary<(string Host, ulong Leadership, string Identity), int> _endsWaiting = [];
    private readonly HashSet<(string Host, string Identity)> _busy = [];

    /// <summary>Under another leadership a host is asked again, and may think otherwise.</summary>
    private readonly HashSet<(string Host, ulong Leadership, ulong Epoch)> _refused = [];

    internal void HostRefuses(string host, ulong leadership, ulong epoch) => _refused.Add((host, leadership, epoch));

    internal void CreateAnswered(string host, ulong leadership, ulong epoch) => Require(
        !_refused.Contains((host, leadership, epoch)), $"epoch {epoch} is granted though {host} has refused it in leadership {leadership}");

    internal void EndPosted(ulong epoch) => Of(epoch).IsEndPosted = true;

    /// <summary>A host is about to be asked for a successor: it hears of the predecessor's end before.</summary>
    internal void SuccessorPosted(string identity, int leadership)
    {
        foreach ((ulong epoch, KnownSession known) in _sessions)
        {
            Require(
                known.Identity != identity || !known.IsRemoved || known.IsEndPosted || known.RemovedBy != leadership,
                $"{identity} is initialized before the end of epoch {epoch} is told");
        }
    }

    internal void HostLeads(string host, ulong leadership) =>
        Require(_heardOf.TryAdd((host, leadership), true), $"{host} is told twice that leadership {leadership} begins");

    internal void HostLeadsNoMore(string host, ulong leadership)
    {
        HookRuns(host, leadership, "the end");
        _heardOf[(host, leadership)] = false;
    }

    /// <summary>The host is to hear of an end of an identity.</summary>
    internal void EndWaits(string host, ulong leadership, string identity) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_endsWaiting, (host, leadership, identity), out _)++;

    internal void HookBegins(string host, ulong leadership, string identity, HookWay way)
    {
        if (way == HookWay.Leadership)
        {
            return;
        }

        Require(_busy.Add((host, identity)), $"{host} runs two hooks of {identity} at once");
        if (way == HookWay.End)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_endsWaiting, (host, leadership, identity))--;
        }
        else if (leadership != 0)
        {
            Require(
                _endsWaiting.GetValueOrDefault((host, leadership, identity)) == 0,
                $"{host} is asked about {identity} before it hears of the end of its session");
        }
    }

    internal void HookEnds(string host, string identity) => _busy.Remove((host, identity));

    internal void HookRuns(string host, ulong leadership, string hook) => Require(
        _heardOf.GetValueOrDefault((host, leadership)), $"{hook} of leadership {leadership} runs before {host} has heard of it, or after its end");
}
