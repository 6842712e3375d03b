using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>Makes an input of others: a few changes in a row, each at a place and of a kind that chance names.</summary>
internal sealed class Mutator(Random random, FuzzTarget target)
{
    private static readonly byte[] s_edges = [0, 1, 15, 16, 31, 32, 63, 64, 127, 128, 191, 192, 240, 254, 255];

    private readonly byte[][] _words = [.. target.Words.Select(Encoding.UTF8.GetBytes)];

    internal byte[] Make(IReadOnlyList<byte[]> others)
    {
        List<byte> made = [.. others.Count == 0 ? [] : others[random.Next(others.Count)]];
        for (int left = 1 << random.Next(5); left > 0; left--)
        {
            Change(made, others);
        }

        if (made.Count > target.MostBytes)
        {
            made.RemoveRange(target.MostBytes, made.Count - target.MostBytes);
        }

        return [.. made];
    }

    private void Change(List<byte> made, IReadOnlyList<byte[]> others)
    {
        int kind = made.Count == 0 ? 8 : random.Next(12);
        int at = random.Next(made.Count + 1);
        int place = Math.Min(at, made.Count - 1);
        switch (kind)
        {
            case 0:
                made[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                made[place] = (byte)random.Next(256);
                break;
            case 2:
                made[place] += (byte)random.Next(-16, 17);
                break;
            case 3:
                made[place] = s_edges[random.Next(s_edges.Length)];
                break;
            case 4:
                made.RemoveRange(place, Math.Min(Length(), made.Count - place));
                break;
            case 5:
                made.InsertRange(at, Part(made));
                break;
            case 6:
                Overwrite(made, place, Part(made));
                break;
            case 7 when others.Count > 0:
                made.InsertRange(at, Part(others[random.Next(others.Count)]));
                break;
            case 8:
                made.InsertRange(at, Noise());
                break;
            case 9 when others.Count > 0:
                Splice(made, place, others[random.Next(others.Count)]);
                break;
            case 10 when _words.Length > 0:
                made.InsertRange(at, Word());
                break;
            case 11 when _words.Length > 0:
                Overwrite(made, place, Word());
                break;
            default:
                made.Insert(at, (byte)random.Next(256));
                break;
        }
    }

    private int Length() => random.Next(4) == 0 ? 1 + random.Next(64) : 1 + random.Next(8);

    private byte[] Word() => _words[random.Next(_words.Length)];

    private byte[] Noise()
    {
        byte[] noise = new byte[Length()];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Part(IReadOnlyList<byte> of)
    {
        int from = random.Next(of.Count + 1);
        return [.. of.Skip(from).Take(Length())];
    }

    private static void Overwrite(List<byte> made, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < made.Count; i++)
        {
            made[at + i] = with[i];
        }
    }

    // The beginning of one with the end of another.
    private void Splice(List<byte> made, int at, byte[] other)
    {
        made.RemoveRange(at, made.Count - at);
        made.AddRange(other.AsSpan(random.Next(other.Length + 1)));
    }
}
