namespace Interop.Sessions;

/// <summary>
/// Never: the compiler leaves nothing of it. The tests that show what the simulator notices compile the same sources with
/// another version of this one file.
/// </summary>
internal static class DeliberateFaults
{
    internal static bool Has(DeliberateFault fault) => false;
}
