using System.Collections.Generic;
using System.IO;
using System.Linq;
using CppSharp;
using CppSharp.AST;
using CppSharp.Generators;
using CppSharp.Parser;
using CppSharp.Passes;

namespace Interop.Sessions.Harness.Bindings;

/// <summary>What CppSharp is told of the facade: plain P/Invokes, in one file, no properties made of getters.</summary>
internal sealed class FacadeLibrary(string headers, string output) : ILibrary
{
    private static readonly string[] s_headers =
        ["chunk_server.hpp", "access_handler.hpp", "node_server.hpp", "meta_server.hpp"];

    internal IEnumerable<string> Headers => s_headers.Select(name => Path.Combine(headers, name));

    internal string GeneratedFile => Path.Combine(output, "interop_sessions_harness.cs");

    public void Setup(Driver driver)
    {
        driver.ParserOptions.TargetTriple = "x86_64-linux-gnu-cxx11abi";
        driver.ParserOptions.LanguageVersion = LanguageVersion.CPP20;
        driver.Options.GeneratorKind = GeneratorKind.CSharp;
        driver.Options.PropertyDetectionMode = PropertyDetectionMode.None;
        driver.Options.OutputDir = output;
        driver.Options.OutputNewLineType = NewLineType.LF;
        Module module = driver.Options.AddModule(Path.GetFileNameWithoutExtension(GeneratedFile));
        module.OutputNamespace = "Interop.Sessions";
        module.IncludeDirs.Add(headers);
        module.Headers.AddRange(s_headers);
    }

    public void SetupPasses(Driver driver)
    {
    }

    public void Preprocess(Driver driver, ASTContext ctx)
    {
    }

    public void Postprocess(Driver driver, ASTContext ctx)
    {
    }

    /// <summary>The file about the standard library is left out: the facade uses none of it.</summary>
    public void GenerateCode(Driver driver, List<GeneratorOutput> outputs) =>
        outputs.RemoveAll(output => output.TranslationUnit.Module == driver.Options.SystemModule);
}
