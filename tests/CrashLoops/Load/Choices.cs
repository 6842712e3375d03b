using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.CrashLoops.Load;

/// <summary>What a client does next, by its seed.</summary>
internal sealed class Choices(string name, Random random)
{
    private const int MostSessions = 6;
    private const int MostItems = 10;
    private const uint ShortTermMs = 1000;

    private readonly List<KnownSession> _sessions = [];
    private int _made;

    internal IReadOnlyList<KnownSession> Sessions => _sessions;

    internal bool WantsRenewal() => random.Next(12) == 0;

    /// <summary>The next change.</summary>
    /// <param name="floor">The highest number that was given out.</param>
    internal Change Next(ulong floor)
    {
        KnownSession[] alive = [.. _sessions.Where(session => session.Standing == Standing.Alive)];
        int chance = random.Next(100);
        return alive.Length == 0 || (chance < 15 && alive.Length < MostSessions) ? Create(isMortal: false, floor)
            : chance < 18 ? Create(isMortal: true, floor)
            : chance < 25 ? new Change.Close(alive[random.Next(alive.Length)], floor)
            : ChangeItems(alive[random.Next(alive.Length)], floor);
    }

    private Change.Create Create(bool isMortal, ulong floor)
    {
        KnownSession session = new($"{name}-{++_made}", (ulong)random.NextInt64(1, long.MaxValue), isMortal);
        _sessions.Add(session);
        return new Change.Create(session, isMortal ? ShortTermMs : 0, floor);
    }

    private Change.Items ChangeItems(KnownSession session, ulong floor)
    {
        Dictionary<string, byte[]?> values = [];
        // One in four changes several at once.
        for (int i = random.Next(4) == 0 ? random.Next(2, 5) : 1; i > 0; i--)
        {
            string key = $"key-{random.Next(MostItems)}";
            values[key] = session.Items.ContainsKey(key) && random.Next(5) == 0 ? null : Value();
        }

        return new Change.Items(session, isCompared: random.Next(2) == 0, floor) { Values = values };
    }

    // Mostly small; some fill pages of the store, so that its log is soon brought into its file.
    private byte[] Value()
    {
        byte[] value = new byte[random.Next(20) switch { 0 => 60_000, 1 or 2 => 6000, _ => random.Next(1, 200) }];
        random.NextBytes(value);
        return value;
    }
}
