using System.Threading;

namespace Interop.Sessions;

/// <summary>In place of the product's version of this file: one fault at a time, for one test and the threads that it starts.</summary>
internal static class DeliberateFaults
{
    private static readonly AsyncLocal<DeliberateFault?> s_present = new();

    internal static DeliberateFault? Present
    {
        set => s_present.Value = value;
    }

    internal static bool Has(DeliberateFault fault) => s_present.Value == fault;
}
