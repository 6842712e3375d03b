using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Harness.Tests;

/// <summary>Where the tests find what they test.</summary>
internal static class Repository
{
    private static readonly string s_root = Path.GetFullPath(Built.Value("RepositoryRoot"));

    /// <summary>The facade, linked with the real library.</summary>
    internal static string Harness
    {
        get
        {
            string path = PathOf("build/debug/bin/libinterop_sessions_harness.so");
            return File.Exists(path) ? path : throw new InvalidOperationException(
                $"{path} is not built: cmake --preset debug && cmake --build --preset debug --target interop_sessions_harness");
        }
    }

    internal static string PathOf(string name) => Path.Combine(s_root, name);

    [ModuleInitializer]
    internal static void UseTheBuiltHarness() => NativeLibrary.SetDllImportResolver(
        typeof(ChunkServer).Assembly,
        (name, _, _) => name == "interop_sessions_harness" ? NativeLibrary.Load(Harness) : 0);
}
