using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace Interop.Sessions.CommandLine;

/// <summary>The flags of a command, made of settings. Compiled into each program that has a command line.</summary>
/// <typeparam name="T">The options that the settings belong to.</typeparam>
/// <param name="settings">Those without a flag are left out.</param>
/// <param name="isOfAllCommands">Do the commands below take them too?</param>
internal sealed class Flags<T>(IEnumerable<Setting<T>> settings, bool isOfAllCommands = false)
    where T : new()
{
    private readonly (Setting<T> Setting, Option Option)[] _all =
    [
        .. settings.Where(setting => setting.Flag.Length > 0 && setting is not PartSetting<T>)
            .Select(setting => (setting, OptionOf(setting, isOfAllCommands))),
    ];

    /// <summary>None.</summary>
    internal Flags()
        : this([])
    {
    }

    internal void AddTo(Command command)
    {
        foreach ((_, Option option) in _all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Sets what was given; the rest keeps its default.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and the limit.</exception>
    internal void Read(ParseResult parsed, T options)
    {
        foreach ((Setting<T> setting, Option option) in _all)
        {
            if (parsed.GetResult(option) is { Implicit: false } && IsOn(parsed, option))
            {
                setting.Take(options, option is Option<string> text ? parsed.GetRequiredValue(text) : "");
            }
        }
    }

    // A switch can be given as "--create false".
    private static bool IsOn(ParseResult parsed, Option option) => option is not Option<bool> flag || parsed.GetValue(flag);

    private static Option OptionOf(Setting<T> setting, bool isOfAllCommands)
    {
        if (setting is SwitchSetting<T>)
        {
            return new Option<bool>(setting.Flag) { Description = setting.Description, Recursive = isOfAllCommands };
        }

        string limits = setting.LimitsIn(Spelling.CommandLine);
        string standard = setting.Default;
        return new Option<string>(setting.Flag)
        {
            Description = limits.Length == 0 ? setting.Description : $"{setting.Description} [{limits}]",
            HelpName = setting.Value,
            DefaultValueFactory = _ => standard,
            Recursive = isOfAllCommands,
        };
    }
}
