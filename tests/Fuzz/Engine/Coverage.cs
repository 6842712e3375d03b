using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>
/// Which branches an input took, and about how often: the map that SharpFuzz's instrumentation counts in. Counts fall into the classes
/// of AFL (1, 2, 3, 4 to 7, and so on), so that a loop is not news at every turn.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Bytes = 1 << 16;

    private static readonly byte* s_map = (byte*)NativeMemory.AllocZeroed(Bytes);

    private readonly byte[] _seen = new byte[Bytes];

    /// <summary>Before any instrumented code runs.</summary>
    internal static void Begin() => Trace.SharedMem = s_map;

    /// <summary>How many branches were ever taken.</summary>
    internal int Branches { get; private set; }

    /// <summary>Forgets what was counted, but not what was seen.</summary>
    internal static void Reset()
    {
        Trace.PrevLocation = 0;
        NativeMemory.Clear(s_map, Bytes);
    }

    /// <summary>Did the input take a branch that none took before, or one about as often as none before?</summary>
    internal bool IsNews()
    {
        bool isNews = false;
        ulong* words = (ulong*)s_map;
        for (int word = 0; word < Bytes / sizeof(ulong); word++)
        {
            if (words[word] == 0)
            {
                continue;
            }

            for (int at = word * sizeof(ulong); at < (word + 1) * sizeof(ulong); at++)
            {
                isNews |= s_map[at] != 0 && Note(at, ClassOf(s_map[at]));
            }
        }

        return isNews;
    }

    private bool Note(int at, byte countClass)
    {
        if ((_seen[at] & countClass) != 0)
        {
            return false;
        }

        Branches += _seen[at] == 0 ? 1 : 0;
        _seen[at] |= countClass;
        return true;
    }

    private static byte ClassOf(byte count) => count switch
    {
        <= 3 => (byte)(1 << (count - 1)),
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
