namespace Interop.Sessions.Simulator.Machines;

/// <summary>A machine's date: true time and an error of its own, which steps back and forth.</summary>
internal sealed class WallClock(World world, SimRandom random)
{
    /// <summary>In 2026; every history begins there.</summary>
    private const long BeginMs = 1_790_000_000_000;

    private long _errorNs = Error(world, random);

    internal long UnixMs => TrueMs(world) + (_errorNs / World.Ms);

    internal static long TrueMs(World world) => BeginMs + (world.Agenda.NowNs / World.Ms);

    internal void Step() => _errorNs = Error(world, random);

    private static long Error(World world, SimRandom random)
    {
        long boundNs = world.Conditions.WallClockErrorMs * World.Ms;
        return random.OneOf(-boundNs, boundNs, 0, random.Between(-boundNs, boundNs));
    }
}
