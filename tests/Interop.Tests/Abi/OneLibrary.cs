using Xunit;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>A process has one library: tests that initialise it take turns.</summary>
[CollectionDefinition(nameof(OneLibrary), DisableParallelization = true)]
public sealed class OneLibrary
{
}
