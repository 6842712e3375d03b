using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Interop.Tests.Settings;

/// <summary>A table of settings in docs/operations.md.</summary>
/// <param name="Name">As the marks around it have it.</param>
/// <param name="Text">As it shall be.</param>
internal sealed record SettingsTable(string Name, string Text)
{
    private const string WrittenBy = "written by tests/record-settings";

    /// <summary>A table of these settings.</summary>
    /// <param name="name">As the marks around it have it.</param>
    /// <param name="heading">Of its first column.</param>
    /// <param name="settings">A row each.</param>
    /// <param name="namesOf">The first column of one.</param>
    internal static SettingsTable Of<T>(
        string name, string heading, IEnumerable<Setting<T>> settings, Func<Setting<T>, IEnumerable<string>> namesOf)
        where T : new() =>
        new(name, $"| {heading} | default | limits | what |\n|---|---|---|---|\n{string.Concat(settings.Select(setting => Row(setting, namesOf)))}");

    /// <summary>What docs/operations.md has between the marks of a table.</summary>
    internal string Recorded() => Parts()[1];

    /// <summary>Writes it there.</summary>
    internal void Record()
    {
        string[] parts = Parts();
        File.WriteAllText(Repository.Operations, $"{parts[0]}{Begin}\n{Text}{End}{parts[2]}");
    }

    private string Begin => $"<!-- {Name}: begin; {WrittenBy} -->";

    private string End => $"<!-- {Name}: end -->";

    private string[] Parts()
    {
        string[] parts = File.ReadAllText(Repository.Operations).Split([$"{Begin}\n", End], StringSplitOptions.None);
        return parts.Length == 3 ? parts : throw new FormatException($"{Repository.Operations} has no '{Begin}' and '{End}'");
    }

    private static string Row<T>(Setting<T> setting, Func<Setting<T>, IEnumerable<string>> namesOf)
        where T : new() =>
        $"| {string.Join(", ", namesOf(setting))} | {(setting.Unset.Length > 0 ? setting.Unset : setting.Default)} | " +
        $"{LimitsOf(setting)} | {string.Join(' ', new[] { setting.Description, setting.Remark }.Where(text => text.Length > 0))} |\n";

    /// <summary>Of a text without limits, its form.</summary>
    private static string LimitsOf<T>(Setting<T> setting)
        where T : new()
    {
        string limits = setting.LimitsIn(Spelling.C);
        return limits.Length > 0 || setting is NumberSetting<T> ? limits : setting.Value;
    }
}
