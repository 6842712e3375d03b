using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Rules, and which verb they give to whom: the one table of the tests. The verbs are asked of a session of cs1.</summary>
internal static class WhoMay
{
    private const string Read = "watcher, operator, cs1";

    private static readonly (string Names, string Right)[] s_rules =
    [
        ("cs*", "serve cs/{name}"),
        ("cs1", "assign"),
        ("watcher", "read cs/"),
        ("peer", "serve peer"),
        ("peer", "read cs/"),
        ("operator", "administer"),
        ("tenant", "hold tenant"),
    ];

    private static readonly Dictionary<string, string> s_allowed = EveryVerb.Names.ToDictionary(verb => verb, verb => verb switch
    {
        "Administration.ListSessions" or "Administration.ListEnds" or "Administration.ListDrains" or "Administration.ListAccessPoints" or
            "Administration.Watch" or "Administration.GetStatus" => $"{Read}, cs2, peer",
        "Administration.ListSessionItems" => $"{Read}, peer",
        "Administration.RevokeSession" or "Administration.Resign" or "Administration.Drain" or "Administration.Undrain" => "operator",
        // The rest is for holders: with the key of a session that the caller may hold.
        _ => "cs1",
    });

    /// <summary>All that the verbs are tried with; "nothing" has a name and no right.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["cs1", "cs2", "watcher", "peer", "operator", "nothing"];

    internal static string Rules { get; } = string.Join('\n', s_rules.Select(rule => $"allow {rule.Names} {rule.Right}"));

    /// <summary>The same rights for somebody whom another name stands for.</summary>
    internal static IEnumerable<string> RulesAs(string name, string other) => s_rules
        .Where(rule => rule.Names == name || (rule.Names.EndsWith('*') && name.StartsWith(rule.Names[..^1], StringComparison.Ordinal)))
        .Select(rule => $"allow {other} {rule.Right.Replace("{name}", name, StringComparison.Ordinal)}");

    /// <summary>What a caller hears; "" has no name.</summary>
    internal static SessionStatus Answer(string verb, string name) =>
        s_allowed[verb].Split(", ").Contains(name) ? SessionStatus.Ok
        : name.Length == 0 ? SessionStatus.Unauthenticated
        : SessionStatus.PermissionDenied;
}
