using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>What one release stored and said, as it did; and what that meant, in words of no release.</summary>
internal sealed class RecordedFolder(string path)
{
    /// <summary>A release by each name; nobody changes one that is out.</summary>
    internal static TheoryData<string> Releases =>
        [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>A SQLite file.</summary>
    internal string Store => Path.Combine(path, "store.db");

    /// <summary>An export of the same content.</summary>
    internal string Export => Path.Combine(path, "export.jsonl");

    /// <summary>The same content in etcd: a key below the prefix, and its value.</summary>
    internal string Etcd => Path.Combine(path, "etcd.tsv");

    /// <summary>That content in words: <see cref="ContentText"/>.</summary>
    internal string Content => Path.Combine(path, "content.tsv");

    /// <summary>Each message with every field set: its name, its bytes in base64, and what they say.</summary>
    internal string Messages => Path.Combine(path, "messages.tsv");

    /// <summary>
    /// Calls to a master that leads on <see cref="Store"/>, one after the other: the method, the request, the reply (- if there
    /// was none), and what it said; or the status that was answered.
    /// </summary>
    internal string Calls => Path.Combine(path, "calls.tsv");

    private static string Root => Built.Value("Recorded");

    internal static RecordedFolder Of(string release) => new(Path.Combine(Root, release));

    internal static IEnumerable<string[]> Read(string file) => File.ReadLines(file).Select(line => line.Split('\t'));

    internal static void Write(string file, IEnumerable<string[]> rows) => File.WriteAllText(
        file, string.Concat(rows.Select(row => string.Join('\t', row) + "\n")), new UTF8Encoding(false));
}
