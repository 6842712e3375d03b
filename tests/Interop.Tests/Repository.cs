using System;
using System.IO;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Interop.Tests;

/// <summary>Where the tests find what they test.</summary>
internal static class Repository
{
    private static readonly string s_root = Path.GetFullPath(Built.Value("RepositoryRoot"));

    internal static string Header => Path.Combine(s_root, "native/include/interop_sessions/interop_sessions.h");

    internal static string Sources => Path.Combine(s_root, "src");

    internal static string Tests => Path.Combine(s_root, "tests");

    internal static string Architecture => Path.Combine(s_root, "docs/architecture.md");

    internal static string Operations => Path.Combine(s_root, "docs/operations.md");

    internal static string ManPage(string name) => Path.Combine(s_root, "docs/man", name);

    internal static string VersionScript => Path.Combine(s_root, "src/Interop/interop_sessions.map");

    internal static string Library
    {
        get
        {
            string path = Path.Combine(s_root, "build/library/libinterop_sessions.so");
            return File.Exists(path) ? path : throw new InvalidOperationException(
                $"{path} is not built: cmake --preset debug && cmake --build --preset debug --target interop_sessions_library");
        }
    }
}
