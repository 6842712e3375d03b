using System.IO;
using System.Linq;
using System.Reflection;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>Where the sources are, and how their projects are compiled.</summary>
internal static class Repository
{
    internal static string Root { get; } = Path.GetFullPath(Built("RepositoryRoot"));

    internal static string Faults => Path.Combine(Root, "tests/Mutants.Tests/Faults");

    internal static string Reliability => Path.Combine(Root, "docs/reliability.md");

    /// <summary>A property of the build, as Mutants.Tests.csproj hands it on.</summary>
    internal static string Built(string name) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;
}
