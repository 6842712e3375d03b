using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>The SDK's compiler: the one that compiles the product, and, unlike the package, it need not be compiled itself first.</summary>
internal static class Compiler
{
#pragma warning disable CA2255 // It must be found before anything is that mentions it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Find() => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        string path = Path.Combine(Repository.Built("Compiler"), name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    };
}
