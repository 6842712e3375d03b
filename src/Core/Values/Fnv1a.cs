namespace Interop.Sessions;

/// <summary>FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every process and release.</summary>
internal static class Fnv1a
{
    /// <summary>The hash of nothing.</summary>
    internal const ulong Basis = 14695981039346656037;

    private const ulong Prime = 1099511628211;

    /// <summary>A hash and one unit more: a byte, or a wider one.</summary>
    internal static ulong With(ulong hash, uint unit) => (hash ^ unit) * Prime;
}
