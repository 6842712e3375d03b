using System;
using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>A setting that is a text.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
public sealed class TextSetting<T> : Setting<T>
    where T : new()
{
    /// <summary>Reads it.</summary>
    public required Func<T, string> Get { get; init; }

    /// <summary>Sets it; null: no command line has it.</summary>
    public Action<T, string>? Set { get; init; }

    /// <summary>What it may be, in words.</summary>
    public string Within { get; init; } = "";

    /// <summary>What is wrong with a value, as a sentence goes on behind the name; null: nothing.</summary>
    public Func<string, string?> Check { get; init; } = _ => null;

    /// <inheritdoc/>
    public override string TextOf(T options) => Get(options);

    /// <inheritdoc/>
    public override string LimitsIn(Spelling spelling) => Within;

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsOf(T options, Spelling spelling) =>
        Check(Get(options)) is { } problem ? [$"{NameIn(spelling)} {problem}"] : [];

    /// <inheritdoc/>
    public override void Take(T options, string given) => Set!(options, given);
}
