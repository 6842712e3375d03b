using System;
using System.Collections.Generic;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>Something that takes bytes from others, and must refuse or take them, whatever they are.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Run">
/// Takes an input. A refusal is caught there if it is one that the product promises; everything that comes out is a finding.
/// </param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run)
{
    /// <summary>Words that a decoder looks for, and that chance would not find.</summary>
    internal IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The longest input that is tried.</summary>
    internal int MostBytes { get; init; } = 4096;
}
