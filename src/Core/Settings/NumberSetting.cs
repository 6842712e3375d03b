using System;
using System.Collections.Generic;
using System.Globalization;

namespace Interop.Sessions;

/// <summary>A setting that is a whole number of its unit.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
public sealed class NumberSetting<T> : Setting<T>
    where T : new()
{
    /// <summary>Reads it.</summary>
    public required Func<T, ulong> Get { get; init; }

    /// <summary>Sets it, to at most <see cref="Most"/>; null: no command line has it.</summary>
    public Action<T, ulong>? Set { get; init; }

    /// <summary>The lowest value.</summary>
    public ulong Least { get; init; }

    /// <summary>The highest value.</summary>
    public ulong Most { get; init; } = ulong.MaxValue;

    /// <summary>In milliseconds: must it be whole seconds?</summary>
    public bool IsWholeSeconds { get; init; }

    /// <summary>The setting that it must not be below, instead of <see cref="Least"/>.</summary>
    public NumberSetting<T>? NotBelow { get; init; }

    /// <summary>The setting that it must not be above, instead of <see cref="Most"/>.</summary>
    public NumberSetting<T>? NotAbove { get; init; }

    /// <inheritdoc/>
    public override string TextOf(T options) => Said(Get(options));

    /// <inheritdoc/>
    public override string LimitsIn(Spelling spelling) =>
        Within(NotBelow?.NameIn(spelling) ?? Said(Least), NotAbove?.NameIn(spelling) ?? Said(Most));

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsOf(T options, Spelling spelling)
    {
        // A bound that is wrong itself says so.
        if (IsWrong(NotBelow, options) || IsWrong(NotAbove, options))
        {
            yield break;
        }

        ulong least = NotBelow?.Get(options) ?? Least;
        ulong most = NotAbove?.Get(options) ?? Most;
        if (!Has(Get(options), least, most))
        {
            yield return $"{NameIn(spelling)} is {TextOf(options)}; it must be {Within(Said(least), Said(most))}";
        }
    }

    /// <inheritdoc/>
    public override void Take(T options, string given)
    {
        if (!ulong.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) || value > Most)
        {
            string limits = LimitsIn(Spelling.CommandLine);
            throw new SessionException(
                SessionStatus.InvalidArgument, $"{Flag} is '{given}'; it must be a number{(limits.Length > 0 ? $", {limits}" : "")}");
        }

        Set!(options, value);
    }

    private bool Has(ulong value, ulong least, ulong most) =>
        value >= least && value <= most && (!IsWholeSeconds || value % 1000 == 0);

    private static bool IsWrong(NumberSetting<T>? bound, T options) =>
        bound != null && !bound.Has(bound.Get(options), bound.NotBelow?.Get(options) ?? bound.Least, bound.NotAbove?.Get(options) ?? bound.Most);

    private string Within(string least, string most)
    {
        string seconds = IsWholeSeconds ? ", in whole seconds" : "";
        return (least, most == Said(ulong.MaxValue)) switch
        {
            ("0", true) => "",
            ("0", false) => $"at most {most}{seconds}",
            (_, true) => $"at least {least}{seconds}",
            _ => $"{least} to {most}{seconds}",
        };
    }

    private static string Said(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
