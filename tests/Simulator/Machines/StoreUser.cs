namespace Interop.Sessions.Simulator.Machines;

/// <summary>A process that asks the store, and hears of the answer if it is still there.</summary>
internal abstract class StoreUser(World world, string name, SimClock clock) : SimProcess(world, name, clock)
{
    /// <summary>What its machine believes the date to be, in milliseconds since 1970.</summary>
    internal abstract long UnixMs { get; }
}
