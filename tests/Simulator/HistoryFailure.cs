using System;

namespace Interop.Sessions.Simulator;

/// <summary>An invariant was broken. The seed replays it.</summary>
internal sealed class HistoryFailure(ulong seed, long atNs, string what)
    : Exception($"seed {seed}, at {atNs / World.Ms} ms: {what}")
{
    internal ulong Seed => seed;
}
