using System;
using System.IO;
using System.Linq;
using SharpFuzz;

namespace Interop.Sessions.Fuzz;

/// <summary>Makes the product's assemblies count the branches that they take; of copies, so that what is tested elsewhere stays as it is.</summary>
internal static class Instrumentation
{
    private static readonly string[] s_assemblies =
    [
        "Interop.Sessions.Core.dll", "Interop.Sessions.Follower.dll", "Interop.Sessions.Master.dll", "Interop.Sessions.Protocol.dll",
    ];

    /// <summary>Copies a folder of programs and instruments the product's assemblies in the copy.</summary>
    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        foreach (string assembly in s_assemblies)
        {
            int types = Fuzzer.Instrument(Path.Combine(to, assembly), _ => true, Options.Value).Count();
            Console.WriteLine($"{assembly}: {types} types instrumented");
        }
    }
}
