using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>Settings that belong together, with a table of their own: they are there or not.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
public sealed class PartSetting<T> : Setting<T>
    where T : new()
{
    /// <inheritdoc/>
    public override string TextOf(T options) => "";

    /// <inheritdoc/>
    public override string LimitsIn(Spelling spelling) => "";

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsOf(T options, Spelling spelling) => [];

    /// <summary>Nothing: the flags of its settings say it.</summary>
    public override void Take(T options, string given)
    {
    }
}
