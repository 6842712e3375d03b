using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Interop.Sessions.ExportFrames;

/// <summary>
/// Puts every method that is marked as an export into its frame (<see cref="ExportFrame"/>): an export is what it does, and no
/// export can forget what all must do.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ExportFrameGenerator : IIncrementalGenerator
{
    private const string Attribute = "Interop.Sessions.Exports.ExportAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<(string Name, string Text)> frames = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute,
            (node, _) => node is MethodDeclarationSyntax,
            (found, _) =>
            {
                string name = (string)found.Attributes[0].ConstructorArguments[0].Value!;
                return (name, ExportFrame.Of((IMethodSymbol)found.TargetSymbol, name));
            });
        context.RegisterSourceOutput(frames, (output, frame) => output.AddSource($"{frame.Name}.g.cs", frame.Text));
    }
}
