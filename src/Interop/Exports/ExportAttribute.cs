using System;

namespace Interop.Sessions.Exports;

/// <summary>
/// Makes a method a function of the C header. It has the parameters of that function but for the error; its frame, with the error and
/// a last catch, is generated (<c>src/ExportFrames</c>). C calls it behind the guard of <c>C/calls.c</c>.
/// </summary>
/// <param name="name">The name of the function without its prefix.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExportAttribute(string name) : Attribute
{
    /// <summary>The name of the function without its prefix.</summary>
    internal string Name => name;
}
