using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Masters' hosts: each hears of a leadership before any other hook of it, and once more after the last.</content>
internal sealed partial class Witness
{
    /// <summary>Those that a host has heard of, and whether it has heard that they ended.</summary>
    private readonly Dictionary<(string Host, ulong Leadership), bool> _heardOf = [];

    private readonly HashSet<(string Host, ulong Epoch)> _refused = [];

    internal void HostRefuses(string host, ulong epoch) => _refused.Add((host, epoch));

    internal void CreateAnswered(string host, ulong epoch) =>
        Require(!_refused.Contains((host, epoch)), $"epoch {epoch} is granted though {host} has refused it");

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
