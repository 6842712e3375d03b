using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions;

/// <summary>
/// One setting, with all that is said of it anywhere: command lines are made of it, values are checked by it, and --help, the man pages
/// and the tables of docs/operations.md show it.
/// </summary>
/// <typeparam name="T">The options that it belongs to; new ones have its default.</typeparam>
public abstract class Setting<T>
    where T : new()
{
    /// <summary>As C spells it, or would: "term_ms"; of a struct that another one points to: "etcd.prefix".</summary>
    public required string Name { get; init; }

    /// <summary>As a command line has it: "--term-ms"; empty: none has it.</summary>
    public string Flag { get; init; } = "";

    /// <summary>Does C have it?</summary>
    public bool IsInC { get; init; } = true;

    /// <summary>What its value is, in a word: the unit of a number, the form of a text. Empty: it is a switch.</summary>
    public string Value { get; init; } = "";

    /// <summary>What it is for, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What an operator should know besides; docs/operations.md has it, --help has not.</summary>
    public string Remark { get; init; } = "";

    /// <summary>What docs/operations.md says where a default is no value: "required".</summary>
    public string Unset { get; init; } = "";

    /// <summary>What it is where nobody sets it; empty: nothing.</summary>
    public string Default => TextOf(new T());

    /// <summary>Its value, as people write it.</summary>
    public abstract string TextOf(T options);

    /// <summary>What it may be, in words; empty: anything.</summary>
    public abstract string LimitsIn(Spelling spelling);

    /// <summary>What is wrong with its value: sentences that name it, the value and the limit.</summary>
    public abstract IEnumerable<string> ProblemsOf(T options, Spelling spelling);

    /// <summary>Sets what a command line gives.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and the limit: it is no value of its kind.</exception>
    public abstract void Take(T options, string given);

    /// <summary>Its name for whoever gave it; as C has it where the spelling asked for has none.</summary>
    public string NameIn(Spelling spelling) => spelling switch
    {
        Spelling.CommandLine when Flag.Length > 0 => Flag,
        Spelling.DotNet => string.Join('.', Name.Split('.').Select(InDotNet)),
        _ => Name,
    };

    private static string InDotNet(string name) =>
        string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
