using System;

namespace Interop.Sessions.Faults;

/// <summary>The command line of this program, and of that of fail-overs.</summary>
/// <param name="Programs">What is run: where lease_holder and master_host are; for fail-overs, session-master.</param>
/// <param name="Document">Where the table goes, or null.</param>
/// <param name="WithoutRoot">Leave out what needs root, and do not count it as failed.</param>
/// <param name="Only">Only scenarios whose name contains this.</param>
internal sealed record Arguments(string Programs, string? Document, bool WithoutRoot, string Only)
{
    internal const string Usage = "usage: faults|failover PROGRAMS [--write DOCUMENT] [--without-root] [--only WORDS]";

    /// <summary>Reads it; null if it is none of ours.</summary>
    internal static Arguments? Read(ReadOnlySpan<string> words)
    {
        if (words.Length == 0 || words[0].StartsWith('-'))
        {
            return null;
        }

        Arguments read = new(words[0], null, false, "");
        for (int i = 1; i < words.Length; i++)
        {
            bool hasValue = i + 1 < words.Length;
            switch (words[i])
            {
                case "--write" when hasValue:
                    read = read with { Document = words[++i] };
                    break;
                case "--only" when hasValue:
                    read = read with { Only = words[++i] };
                    break;
                case "--without-root":
                    read = read with { WithoutRoot = true };
                    break;
                default:
                    return null;
            }
        }

        // A table of some of the scenarios would pass for the whole one.
        return read.Document != null && (read.WithoutRoot || read.Only.Length > 0) ? null : read;
    }
}
