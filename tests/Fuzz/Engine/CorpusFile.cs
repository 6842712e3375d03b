using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>The inputs of a target that are kept in the tree: one a line, as base64, so that a change of them can be reviewed and merged.</summary>
internal static class CorpusFile
{
    /// <summary>The bytes of one target's file, at most: hours of fuzzing must not swell the tree.</summary>
    internal const int MostBytes = 12 * 1024;

    internal static IReadOnlyList<byte[]> Read(string folder, string target)
    {
        string path = PathOf(folder, target);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Where(line => line.Length > 0).Select(Convert.FromBase64String)]
            : [];
    }

    internal static void Write(string folder, string target, IEnumerable<byte[]> inputs)
    {
        List<string> lines = [];
        int left = MostBytes;
        foreach (byte[] input in inputs.OrderBy(input => input.Length))
        {
            string line = Convert.ToBase64String(input);
            left -= line.Length + 1;
            if (left < 0)
            {
                break;
            }

            lines.Add(line);
        }

        File.WriteAllLines(PathOf(folder, target), lines);
    }

    private static string PathOf(string folder, string target) => Path.Combine(folder, $"{target}.txt");
}
