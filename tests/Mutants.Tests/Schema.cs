using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>
/// One file with several faults: a body that faults change is there once as it is and once for each of them, below a switch.
/// </summary>
/// <remarks>In the words of its kind of mutation testing, this is a schema, and what it makes a metamutant.</remarks>
internal sealed class Schema(SyntaxTree sound)
{
    internal const string SwitchType = "Interop.Sessions.PresentFault";

    /// <summary>Goes with the files.</summary>
    internal const string Switch = """
        namespace Interop.Sessions;

        internal static class PresentFault
        {
            internal static int Number;

            internal static bool Is(int number) => Number == number;
        }
        """;

    private readonly SyntaxNode[] _places = [.. PlacesOf(sound)];
    private readonly SortedDictionary<int, List<(int Fault, SyntaxNode Place)>> _changes = [];

    /// <summary>The file as a fault has it.</summary>
    /// <exception cref="FormatException">It changes more than bodies.</exception>
    internal void Add(int fault, SyntaxTree changed)
    {
        SyntaxNode[] places = [.. PlacesOf(changed)];
        if (!FrameOf(sound, _places).SequenceEqual(FrameOf(changed, places)))
        {
            throw new FormatException(
                "changes more than the bodies of methods, constructors and properties, or what a property begins with: nothing else can be switched");
        }

        for (int i = 0; i < places.Length; i++)
        {
            if (!places[i].IsEquivalentTo(_places[i]))
            {
                _changes.TryAdd(i, []);
                _changes[i].Add((fault, places[i]));
            }
        }
    }

    /// <summary>The file with all of them.</summary>
    internal string Merge()
    {
        StringBuilder text = new(sound.GetText().ToString());
        foreach ((int i, List<(int Fault, SyntaxNode Place)> changes) in _changes.Reverse())
        {
            TextSpan span = SpanOf(_places[i]);
            text.Remove(span.Start, span.Length);
            text.Insert(span.Start, _places[i] is EqualsValueClauseSyntax value ? Beginning(value, changes) : Body(_places[i], changes));
        }

        return text.ToString();
    }

    private static IEnumerable<SyntaxNode> PlacesOf(SyntaxTree tree) => tree.GetRoot().DescendantNodes(node => !IsPlace(node)).Where(IsPlace);

    /// <summary>Of members; what is inside such a body goes with it.</summary>
    private static bool IsPlace(SyntaxNode node) => node switch
    {
        BlockSyntax => node.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax,
        ArrowExpressionClauseSyntax => node.Parent is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or AccessorDeclarationSyntax,
        EqualsValueClauseSyntax => node.Parent is PropertyDeclarationSyntax,
        _ => false,
    };

    /// <summary>With the semicolon that an expression needs and a block does not.</summary>
    private static TextSpan SpanOf(SyntaxNode place) =>
        place is ArrowExpressionClauseSyntax ? TextSpan.FromBounds(place.SpanStart, place.Parent!.Span.End) : place.Span;

    /// <summary>The words of all that is around the bodies.</summary>
    private static IEnumerable<string> FrameOf(SyntaxTree tree, SyntaxNode[] places)
    {
        HashSet<int> within = [.. places.SelectMany(
            place => tree.GetRoot().DescendantTokens(SpanOf(place)).Where(token => SpanOf(place).Contains(token.SpanStart)),
            (_, token) => token.SpanStart)];
        return tree.GetRoot().DescendantTokens().Where(token => !within.Contains(token.SpanStart)).Select(token => token.Text);
    }

    private static string Beginning(EqualsValueClauseSyntax sound, List<(int Fault, SyntaxNode Place)> changes) => "= " + changes.Aggregate(
        sound.Value.ToString(),
        (others, change) => $"{IsPresent(change.Fault)} ? ({((EqualsValueClauseSyntax)change.Place).Value}) : ({others})");

    private static string Body(SyntaxNode sound, List<(int Fault, SyntaxNode Place)> changes)
    {
        string body = changes.Aggregate(
            Statements(sound), (others, change) => $"{{ if ({IsPresent(change.Fault)})\n{Statements(change.Place)}\nelse\n{others} }}");
        return sound.Parent is BasePropertyDeclarationSyntax ? $"{{ get {body} }}" : body;
    }

    private static string Statements(SyntaxNode body) => body switch
    {
        ArrowExpressionClauseSyntax { Expression: ThrowExpressionSyntax thrown } => $"{{ {thrown}; }}",
        ArrowExpressionClauseSyntax arrow => $"{{ {(GivesNothing(arrow.Parent!) ? "" : "return ")}{arrow.Expression}; }}",
        _ => body.ToString(),
    };

    private static bool GivesNothing(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.ReturnType.ToString() == "void",
        AccessorDeclarationSyntax accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        _ => member is ConstructorDeclarationSyntax or DestructorDeclarationSyntax,
    };

    private static string IsPresent(int fault) => $"global::{SwitchType}.Is({fault})";
}
