using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Masters' hosts: each hears of a leadership before any other hook of it, and once more after the last.</content>
internal sealed partial class Witness
{
    /// <summary>Those that a host has heard of, and whether it has heard that they ended.</summary>
    private readonly Dictionary<(string Host, ulong Leadership), bool> _heardOf = [];

    /// <summary>Under another leadership a host is asked again, and may think otherwise.</summary>
    private readonly HashSet<(string Host, ulong Leadership, ulong Epoch)> _refused = [];

    internal void HostRefuses(string host, ulong leadership, ulong epoch) => _refused.Add((host, leadership, epoch));

    internal void CreateAnswered(string host, ulong leadership, ulong epoch) => Require(
        !_refused.Contains((host, leadership, epoch)), $"epoch {epoch} is granted though {host} has refused it in leadership {leadership}");

    internal void EndPosted(ulong epoch) => Of(epoch).IsEndPosted = true;

    /// <summary>A host is about to be asked for a successor: it hears of the predecessor's end before.</summary>
    internal void SuccessorPosted(string identity, ulong masterEpoch)
    {
        foreach ((ulong epoch, KnownSession known) in _sessions)
        {
            Require(
                known.Identity != identity || !known.IsRemoved || known.IsEndPosted || known.RemovedBy != masterEpoch,
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

    internal void HookRuns(string host, ulong leadership, string hook) => Require(
        _heardOf.GetValueOrDefault((host, leadership)), $"{hook} of leadership {leadership} runs before {host} has heard of it, or after its end");
}
