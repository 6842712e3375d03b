using System;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>Looks at files every <see cref="Limits.RightsLookMs"/>, on a thread of its own: a file may hang, and nothing else with it.</summary>
public sealed class FileLooks : IDisposable
{
    private readonly Action _look;
    private readonly BootTime _time;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _over = new();

    /// <summary>Begins to look.</summary>
    /// <param name="look">What to do.</param>
    /// <param name="unexpected">Told, on the thread, of what a look throws; the next look comes all the same.</param>
    /// <param name="time">By which it waits in between; null: the machine's.</param>
    /// <exception cref="SessionException">OutOfResources.</exception>
    public FileLooks(Action look, Action<Exception> unexpected, BootTime? time)
    {
        _look = look;
        _time = time ?? BootTime.OfMachine;
        _thread = OwnThread.New("sessions-files", Round, unexpected);
        _thread.StartOrRefuse();
    }

    /// <summary>Ends it. A look that hangs is left behind: it has nothing that anybody waits for.</summary>
    public void Dispose()
    {
        _over.Set();
        _thread.Join(Limits.StopTimeoutMs);
    }

    private bool Round()
    {
        if (_time.Wait(_over, Limits.RightsLookMs))
        {
            return false;
        }

        _look();
        return true;
    }
}
