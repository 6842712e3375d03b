using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>Tries one target: the inputs that are kept first, then ever new ones made of those that took new ways.</summary>
internal sealed class Campaign(FuzzTarget target, Random random, Coverage coverage, Action<byte[]> noteInput)
{
    private readonly List<byte[]> _inputs = [];
    private readonly Mutator _mutator = new(random, target);

    /// <summary>How many inputs were tried.</summary>
    internal long Tried { get; private set; }

    /// <summary>The input that broke something, and what it broke; null: none did.</summary>
    internal (byte[] Input, Exception Error)? Finding { get; private set; }

    /// <summary>How many inputs took a way that none took before.</summary>
    internal int Kept => _inputs.Count;

    internal void Run(IReadOnlyList<byte[]> kept, TimeSpan duration)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (byte[] input in kept.Prepend([]))
        {
            if (!Try(input))
            {
                return;
            }
        }

        while (watch.Elapsed < duration && Try(_mutator.Make(_inputs)))
        {
        }
    }

    /// <summary>The fewest of them, nearly, that take all the ways which all of them take: short ones first.</summary>
    internal IReadOnlyList<byte[]> Fewest()
    {
        Coverage fresh = new();
        List<byte[]> fewest = [];
        foreach (byte[] input in _inputs.OrderBy(input => input.Length))
        {
            Coverage.Reset();
            target.Run(input);
            if (fresh.IsNews())
            {
                fewest.Add(input);
            }
        }

        return fewest;
    }

    private bool Try(byte[] input)
    {
        noteInput(input);
        Coverage.Reset();
        Tried++;
        try
        {
            target.Run(input);
        }
        catch (Exception error)
        {
            Finding = (input, error);
            return false;
        }

        if (coverage.IsNews())
        {
            _inputs.Add(input);
        }

        return true;
    }
}
