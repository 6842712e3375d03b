namespace Interop.Sessions.Simulator.Machines;

/// <summary>A machine's CLOCK_BOOTTIME: an offset of its own, and a rate that is wrong by at most rho and may change.</summary>
internal sealed class SimClock(Agenda agenda, long startNs, long errorPpm)
{
    private const long Million = 1_000_000;

    private long _trueNs = agenda.NowNs;
    private long _localNs = startNs;
    private long _ratePpm = Million + errorPpm;

    internal long NowNs => LocalOf(agenda.NowNs);

    internal void SetError(long errorPpm)
    {
        _localNs = NowNs;
        _trueNs = agenda.NowNs;
        _ratePpm = Million + errorPpm;
    }

    /// <summary>The true time at which it will show this, at its rate of now.</summary>
    internal long TrueTimeOf(long localNs) => _trueNs + (((localNs - _localNs) * Million) + _ratePpm - 1) / _ratePpm;

    private long LocalOf(long trueNs) => _localNs + ((trueNs - _trueNs) * _ratePpm / Million);
}
