using System.Linq;
using System.Reflection;

namespace Interop.Sessions.Tests.Support;

/// <summary>What a project file tells its tests: where programs and sources are.</summary>
internal static class Built
{
    /// <summary>The value of the project's AssemblyMetadata of a name.</summary>
    internal static string Value(string name) => typeof(Built).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;
}
