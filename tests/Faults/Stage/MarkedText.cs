using System;
using System.IO;

namespace Interop.Sessions.Faults.Stage;

/// <summary>The part of a document that a program writes, between two marks.</summary>
internal static class MarkedText
{
    /// <summary>Replaces what is between the marks.</summary>
    /// <exception cref="IOException">The document has no such marks.</exception>
    internal static void Replace(string path, string beginMark, string endMark, string content)
    {
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(beginMark, StringComparison.Ordinal) + beginMark.Length;
        int end = text.IndexOf(endMark, StringComparison.Ordinal);
        if (begin < beginMark.Length || end < begin)
        {
            throw new IOException($"{path} has no marks '{beginMark}' and '{endMark}'");
        }

        File.WriteAllText(path, $"{text[..begin]}\n{content}\n{text[end..]}");
    }
}
