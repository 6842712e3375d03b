using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>What was found, and how to see it again.</summary>
internal static class Report
{
    internal static void Finding(string target, string folder, byte[] input, Exception error)
    {
        string path = Path.Combine(folder, $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        Say(target, path, string.Join('\n', error.ToString().Split('\n').Take(25)));
    }

    internal static void Say(string target, string path, string what)
    {
        Console.WriteLine($"FAILED: {target}: {what}");
        Console.WriteLine($"see it: tests/Fuzz/run --input {path} {target}");
    }
}
