using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>The lines of a file of rules that bound: "quota PREFIX ..." and "rate NAMES ...".</summary>
internal static class QuotaLines
{
    internal const string QuotaWord = "quota";
    internal const string RateWord = "rate";
    internal const string Forms =
        "'quota PREFIX [sessions=N] [item_bytes=N]' or 'rate NAMES [creates=N] [lists=N] [calls=N]'";

    private const string Sessions = "sessions";
    private const string ItemBytes = "item_bytes";

    private static readonly Dictionary<string, CallClass> s_classes =
        ((CallClass[])[CallClass.Create, CallClass.List, CallClass.Other]).ToDictionary(CallRates.WordOf, StringComparer.Ordinal);

    internal static StockQuota? TryParseQuota(int line, string[] words, out string? problem)
    {
        if (NumbersOf(words, [Sessions, ItemBytes], most: ulong.MaxValue, out problem) is not { } numbers ||
            IdentityPrefix.TryParse(words[1], out problem) is not { } prefix)
        {
            return null;
        }

        return new StockQuota(line, prefix, Find(Sessions), Find(ItemBytes));

        ulong? Find(string what) => numbers.TryGetValue(what, out ulong number) ? number : null;
    }

    internal static CallRate? TryParseRate(int line, string[] words, out string? problem) =>
        NumbersOf(words, s_classes.Keys, Limits.MaxCallRate, out problem) is { } numbers && NamePattern.TryParse(words[1], out problem) is { } names
            ? new CallRate(line, names, numbers.ToDictionary(pair => s_classes[pair.Key], pair => (uint)pair.Value))
            : null;

    // Zero would be a rule that takes a right away, and says so in no line that begins with 'allow'.
    private static Dictionary<string, ulong>? NumbersOf(
        string[] words, IReadOnlyCollection<string> known, ulong most, out string? problem)
    {
        Dictionary<string, ulong> numbers = new(StringComparer.Ordinal);
        problem = words.Length < 3 ? $"'{string.Join(' ', words)}' lacks something; a bound is {Forms}" : null;
        foreach (string word in words.Skip(2))
        {
            string[] parts = word.Split('=', 2);
            problem ??= parts.Length < 2 || !known.Contains(parts[0]) ? $"'{word}' bounds nothing; a bound is {Forms}"
                : !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number == 0 || number > most
                ? $"{parts[0]} is '{parts[1]}'; it must be a number from 1 to {most}"
                : !numbers.TryAdd(parts[0], number) ? $"{parts[0]} is there twice"
                : null;
        }

        return problem == null ? numbers : null;
    }
}
