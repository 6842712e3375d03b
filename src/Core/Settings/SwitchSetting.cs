using System;
using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>A setting that is off unless somebody turns it on.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
public sealed class SwitchSetting<T> : Setting<T>
    where T : new()
{
    /// <summary>Reads it.</summary>
    public required Func<T, bool> Get { get; init; }

    /// <summary>Turns it on.</summary>
    public required Action<T> Set { get; init; }

    /// <inheritdoc/>
    public override string TextOf(T options) => Get(options) ? "yes" : "no";

    /// <inheritdoc/>
    public override string LimitsIn(Spelling spelling) => "";

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsOf(T options, Spelling spelling) => [];

    /// <summary>Turns it on: a switch is given by its name.</summary>
    public override void Take(T options, string given) => Set(options);
}
