using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>The sources of the product's cores and of the simulator, as their own projects compile them.</summary>
internal static class Sources
{
    private static readonly string[] s_folders = ["src/Core", "tests/Simulator"];

    private static readonly CSharpParseOptions s_parsing = CSharpParseOptions.Default.WithLanguageVersion(
        LanguageVersionFacts.TryParse(Repository.Built("LangVersion"), out LanguageVersion version) ? version : LanguageVersion.Default);

    /// <summary>By their paths from the root of the repository.</summary>
    internal static IReadOnlyDictionary<string, SyntaxTree> Trees { get; } = (
        from folder in s_folders
        from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Repository.Root, file)
        where path != "tests/Simulator/Program.cs"
        select (path, file)).ToDictionary(source => source.path, source => Parse(source.path, File.ReadAllText(source.file)));

    /// <summary>Without a fault.</summary>
    internal static CSharpCompilation Sound { get; } =
        Generate(CSharpCompilation.Create("Interop.Sessions.Mutants", Trees.Values, References(), Options()));

    internal static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(SourceText.From(text), s_parsing, path);

    private static CSharpCompilationOptions Options() => new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: bool.Parse(Repository.Built("AllowUnsafeBlocks")),
        nullableContextOptions: Enum.Parse<NullableContextOptions>(Repository.Built("Nullable"), ignoreCase: true));

    /// <summary>The runtime that the tests run on.</summary>
    private static IEnumerable<MetadataReference> References()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == runtime)
            .Select(file => MetadataReference.CreateFromFile(file));
    }

    /// <summary>What the SDK gives to the compiler, as far as the sources use it: [GeneratedRegex].</summary>
    private static CSharpCompilation Generate(CSharpCompilation sources)
    {
        Type generator = Assembly.LoadFrom(Repository.Built("RegexGenerator"))
            .GetType("System.Text.RegularExpressions.Generator.RegexGenerator", throwOnError: true)!;
        ISourceGenerator regex = ((IIncrementalGenerator)Activator.CreateInstance(generator)!).AsSourceGenerator();
        CSharpGeneratorDriver.Create([regex], parseOptions: s_parsing).RunGeneratorsAndUpdateCompilation(sources, out Compilation whole, out _);
        return (CSharpCompilation)whole;
    }
}
