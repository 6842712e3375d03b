using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>Every difference between two declarations of the ABI, in words.</summary>
internal static class Comparison
{
    internal static IReadOnlyList<string> Differences(Declarations header, Declarations managed) =>
    [
        .. Missing("enum", header.Enums, managed.Enums),
        .. Missing("struct", header.Structs, managed.Structs),
        .. Missing("function", header.Functions, managed.Functions),
        .. header.Enums.Where(e => managed.Enums.ContainsKey(e.Key)).SelectMany(
            e => Values(e.Key, e.Value, managed.Enums[e.Key])),
        .. header.Structs.Where(s => managed.Structs.ContainsKey(s.Key)).SelectMany(
            s => Layouts(s.Key, s.Value, managed.Structs[s.Key])),
        .. header.Functions
            .Where(f => managed.Functions.TryGetValue(f.Key, out Signature? other) && other.ToString() != f.Value.ToString())
            .Select(f => $"function {f.Key}: {f.Value} in C, {managed.Functions[f.Key]} in C#"),
    ];

    private static IEnumerable<string> Missing<T>(string kind, Dictionary<string, T> header, Dictionary<string, T> managed) =>
        header.Keys.Except(managed.Keys).Select(name => $"{kind} {name} is not in C#")
            .Concat(managed.Keys.Except(header.Keys).Select(name => $"{kind} {name} is not in C"));

    private static IEnumerable<string> Values(
        string name, SortedDictionary<string, long> header, SortedDictionary<string, long> managed) =>
        header.Except(managed).Select(c => $"enum {name}: {c.Key} = {c.Value} in C only")
            .Concat(managed.Except(header).Select(c => $"enum {name}: {c.Key} = {c.Value} in C# only"));

    private static IEnumerable<string> Layouts(string name, StructLayout header, StructLayout managed)
    {
        if (header.Size != managed.Size)
        {
            yield return $"struct {name} has {header.Size} bytes in C, {managed.Size} in C#";
        }

        foreach (Field field in header.Fields.Except(managed.Fields))
        {
            yield return $"struct {name}: {field} in C only";
        }

        foreach (Field field in managed.Fields.Except(header.Fields))
        {
            yield return $"struct {name}: {field} in C# only";
        }
    }
}
