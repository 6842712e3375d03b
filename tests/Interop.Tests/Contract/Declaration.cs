using System.Collections.Generic;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>What one side says the ABI is: C as clang reads the header, or C# as reflection shows it.</summary>
internal sealed class Declarations
{
    /// <summary>Enum name to constant name to value.</summary>
    internal Dictionary<string, SortedDictionary<string, long>> Enums { get; } = [];

    /// <summary>Struct name to layout.</summary>
    internal Dictionary<string, StructLayout> Structs { get; } = [];

    /// <summary>Function name to signature.</summary>
    internal Dictionary<string, Signature> Functions { get; } = [];
}

/// <summary>A struct's size and fields in order.</summary>
internal sealed record StructLayout(int Size, IReadOnlyList<Field> Fields);

/// <summary>A field; its type in the form of <see cref="TypeNames"/>.</summary>
internal sealed record Field(string Name, string Type, int Offset);

/// <summary>A function; "type name" for each parameter.</summary>
internal sealed record Signature(string Returns, IReadOnlyList<string> Parameters)
{
    public override string ToString() => $"{Returns} ({string.Join(", ", Parameters)})";
}
