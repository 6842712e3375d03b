using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>The clock of a holder, which may run slow or fast; process/skewed_clock.c makes it so.</summary>
internal sealed class HolderClock(long ratePpm)
{
    private const long Million = 1_000_000;
    private readonly long _originNs = BootClock.NowNs;

    /// <summary>A clock that runs as all others.</summary>
    internal static HolderClock True { get; } = new(Million);

    /// <summary>What the holder's process must be started with.</summary>
    internal IReadOnlyDictionary<string, string> Environment(string programs) => ratePpm == Million
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Path.Combine(programs, "libskewed_clock.so"),
            ["SKEWED_CLOCK_ORIGIN_NS"] = _originNs.ToString(CultureInfo.InvariantCulture),
            ["SKEWED_CLOCK_RATE_PPM"] = ratePpm.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>When it shows this, what does a true clock show?</summary>
    internal long TrueNs(long shownNs) =>
        ratePpm == Million ? shownNs : _originNs + ((shownNs - _originNs) / ratePpm * Million);

    /// <summary>How long in truth it takes this clock to advance so far.</summary>
    internal long TrueMs(long shownMs) => shownMs * Million / ratePpm;
}
