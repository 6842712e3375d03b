using System;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Tests.Support;

/// <summary>The user whose process the test is.</summary>
internal static class OwnUser
{
    /// <summary>The effective one.</summary>
    internal static uint Id { get; } = uint.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As masters know him over a Unix socket.</summary>
    internal static string Name { get; } = $"uid:{Id}";
}
