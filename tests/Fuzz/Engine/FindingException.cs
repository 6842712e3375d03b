using System;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>Something that must hold does not.</summary>
internal sealed class FindingException(string message) : Exception(message);

/// <summary>What must hold.</summary>
internal static class Expect
{
    internal static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FindingException(otherwise);
        }
    }

    internal static void Same<T>(T expected, T actual, string what)
    {
        if (!System.Collections.Generic.EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new FindingException($"{what}: {actual}, and not {expected}");
        }
    }
}
