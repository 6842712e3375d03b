using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A file of rules: one a line, words between blanks, comments on lines that begin with '#'.</summary>
public static class AccessRulesText
{
    private const string Forms = "a rule is 'allow NAMES hold PREFIX', 'allow NAMES serve PREFIX', 'allow NAMES read [PREFIX]', 'allow NAMES assign' or 'allow NAMES administer'";

    /// <summary>Reads one.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="SessionException">InvalidArgument: names the file, the line, and what is wrong with it.</exception>
    public static AccessRules Parse(string text, string source)
    {
        List<AccessRule> rules = [];
        List<StockQuota> quotas = [];
        List<CallRate> rates = [];
        foreach ((int line, string[] words) in RightsLines.Of(text))
        {
            switch (words[0])
            {
                case QuotaLines.QuotaWord:
                    Add(quotas, Limits.MaxQuotas, "quotas", line, QuotaLines.TryParseQuota(line, words, out string? problem), problem);
                    break;
                case QuotaLines.RateWord:
                    Add(rates, Limits.MaxQuotas, "rates", line, QuotaLines.TryParseRate(line, words, out problem), problem);
                    break;
                default:
                    Add(rules, Limits.MaxAccessRules, "rules", line, TryParse(line, words, out problem), problem);
                    break;
            }
        }

        // Whoever empties it has most likely been interrupted while writing it.
        return rules.Count > 0 ? new AccessRules(rules, [.. quotas], rates) : throw new SessionException(
            SessionStatus.InvalidArgument, $"{source} has no rule, so that no caller could do anything");

        void Add<T>(List<T> lines, int most, string what, int line, T? parsed, string? problem)
        {
            if (lines.Count == most)
            {
                throw RightsLines.Wrong(source, line, $"a file may have {most} {what}");
            }

            lines.Add(parsed ?? throw RightsLines.Wrong(source, line, problem!));
        }
    }

    private static AccessRule? TryParse(int line, string[] words, out string? problem)
    {
        Right? right = words.Length < 3 ? null : RightOf(words[2]);
        problem = words[0] != "allow" ? $"'{words[0]}' begins no rule; {Forms}; a bound is {QuotaLines.Forms}"
            : words.Length < 3 ? $"'{string.Join(' ', words)}' lacks something; {Forms}"
            : right == null ? $"'{words[2]}' is no right; {Forms}"
            : words.Length > 4 ? $"'{words[4]}' is one word too many; {Forms}"
            : right is Right.Hold or Right.Serve && words.Length < 4 ? $"'{words[2]}' lacks its prefix; {Forms}"
            : !right.Value.HasPrefix() && words.Length > 3 ? $"'{words[3]}' is one word too many: '{words[2]}' has no prefix"
            : null;
        if (problem != null || NamePattern.TryParse(words[1], out problem) is not { } names)
        {
            return null;
        }

        IdentityPrefix? prefix = words.Length > 3 ? IdentityPrefix.TryParse(words[3], out problem) : IdentityPrefix.All;
        return prefix == null ? null : new AccessRule(line, names, right!.Value, prefix);
    }

    private static Right? RightOf(string word)
    {
        foreach (Right right in Enum.GetValues<Right>())
        {
            if (right.Word() == word)
            {
                return right;
            }
        }

        return null;
    }
}

/// <summary>The lines of a file about rights.</summary>
internal static class RightsLines
{
    private static readonly char[] s_blanks = [' ', '\t', '\r'];

    /// <summary>Those that say something, with their numbers, as words.</summary>
    internal static IEnumerable<(int Line, string[] Words)> Of(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0][0] != '#')
            {
                yield return (i + 1, words);
            }
        }
    }

    internal static SessionException Wrong(string source, int line, string problem) =>
        new(SessionStatus.InvalidArgument, $"{source}, line {line}: {problem}");
}
