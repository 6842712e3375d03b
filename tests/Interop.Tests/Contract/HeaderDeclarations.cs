using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>The C header as clang understands it: its syntax tree and its record layouts. As C++, where enums have their type.</summary>
internal static partial class HeaderDeclarations
{
    internal static Declarations Read(string header)
    {
        Declarations read = new();
        Dictionary<string, StructLayout> layouts = ReadLayouts(Clang("-fdump-record-layouts-complete", header));
        using JsonDocument tree = JsonDocument.Parse(Clang("-ast-dump=json", header));
        Dictionary<string, string> callbacks = [];
        foreach (JsonElement node in Declared(tree.RootElement))
        {
            string name = node.TryGetProperty("name", out JsonElement named) ? named.GetString()! : "";
            if (name.StartsWith("interop_sessions_", StringComparison.Ordinal))
            {
                Add(read, node, name, layouts, callbacks);
            }
        }

        return read;
    }

    // The header's own are inside an extern "C".
    private static IEnumerable<JsonElement> Declared(JsonElement node) => node.GetProperty("inner").EnumerateArray().SelectMany(
        child => child.GetProperty("kind").GetString() == "LinkageSpecDecl" && child.TryGetProperty("inner", out _) ? Declared(child) : [child]);

    private static void Add(
        Declarations read, JsonElement node, string name, Dictionary<string, StructLayout> layouts,
        Dictionary<string, string> callbacks)
    {
        switch (node.GetProperty("kind").GetString())
        {
            case "TypedefDecl":
                callbacks[name] = node.GetProperty("type").GetProperty("qualType").GetString()!;
                break;
            case "EnumDecl":
                read.Enums[name] = Constants(node);
                break;
            case "CXXRecordDecl" when node.TryGetProperty("completeDefinition", out _):
                read.Structs[name] = new StructLayout(layouts[name].Size, Fields(node, layouts[name], callbacks));
                break;
            case "FunctionDecl" when !node.TryGetProperty("inline", out _):
                read.Functions[name] = SignatureOf(node, callbacks);
                break;
            default:
                break;
        }
    }

    private static SortedDictionary<string, long> Constants(JsonElement node) => new(
        node.GetProperty("inner").EnumerateArray().ToDictionary(
            constant => constant.GetProperty("name").GetString()!,
            constant => long.Parse(
                constant.GetProperty("inner")[0].GetProperty("value").GetString()!, CultureInfo.InvariantCulture)));

    private static List<Field> Fields(JsonElement node, StructLayout layout, Dictionary<string, string> callbacks) =>
        [.. node.GetProperty("inner").EnumerateArray()
            .Where(member => member.GetProperty("kind").GetString() == "FieldDecl")
            .Select((member, i) => new Field(
                member.GetProperty("name").GetString()!, TypeOf(member, callbacks), layout.Fields[i].Offset))];

    private static Signature SignatureOf(JsonElement node, Dictionary<string, string> callbacks)
    {
        string whole = node.GetProperty("type").GetProperty("qualType").GetString()!;
        string returns = whole[..whole.IndexOf('(', StringComparison.Ordinal)];
        IEnumerable<JsonElement> parameters = node.TryGetProperty("inner", out JsonElement inner)
            ? inner.EnumerateArray().Where(child => child.GetProperty("kind").GetString() == "ParmVarDecl")
            : [];
        return new Signature(
            TypeNames.OfC(returns),
            [.. parameters.Select(p => $"{TypeOf(p, callbacks)} {p.GetProperty("name").GetString()}")]);
    }

    private static string TypeOf(JsonElement node, Dictionary<string, string> callbacks)
    {
        string type = node.GetProperty("type").GetProperty("qualType").GetString()!;
        return TypeNames.OfC(callbacks.TryGetValue(type, out string? callback) && callback.Contains("(*)", StringComparison.Ordinal)
            ? callback
            : type);
    }

    private static Dictionary<string, StructLayout> ReadLayouts(string dump)
    {
        Dictionary<string, StructLayout> layouts = [];
        string? name = null;
        List<Field> fields = [];
        foreach (string line in dump.Split('\n'))
        {
            if (StructLine().Match(line) is { Success: true } start)
            {
                name = start.Groups["name"].Value;
                fields = [];
            }
            else if (FieldLine().Match(line) is { Success: true } field)
            {
                fields.Add(new Field("", "", int.Parse(field.Groups["offset"].Value, CultureInfo.InvariantCulture)));
            }
            else if (name != null && SizeLine().Match(line) is { Success: true } size)
            {
                layouts[name] = new StructLayout(int.Parse(size.Groups["size"].Value, CultureInfo.InvariantCulture), fields);
                name = null;
            }
        }

        return layouts;
    }

    private static string Clang(string action, string header)
    {
        using Process clang = Process.Start(new ProcessStartInfo("clang-14")
        {
            ArgumentList = { "-fsyntax-only", "-Xclang", action, "-x", "c++", "-std=c++17", header },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        clang.ErrorDataReceived += (_, _) => { };
        clang.BeginErrorReadLine();
        string output = clang.StandardOutput.ReadToEnd();
        clang.WaitForExit();
        return clang.ExitCode == 0 ? output : throw new InvalidOperationException($"clang-14 {action} failed on {header}");
    }

    [GeneratedRegex(@"^ +0 \| struct (?<name>interop_sessions_\w+)$")]
    private static partial Regex StructLine();

    // Direct fields only: those of nested structs are indented further.
    [GeneratedRegex(@"^ +(?<offset>\d+) \|   [^ ].*$")]
    private static partial Regex FieldLine();

    [GeneratedRegex(@"\[sizeof=(?<size>\d+),")]
    private static partial Regex SizeLine();
}
