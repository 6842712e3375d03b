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
    /// <param name="time">By which it waits in between; null: the machine's.</param>
    /// <exception cref="SessionException">OutOfResources.</exception>
    public FileLooks(Action look, BootTime? time)
    {
        _look = look;
        _time = time ?? BootTime.OfMachine;
        _thread = OwnThread.New("sessions-files", Run);
        _thread.StartOrRefuse();
    }

    /// <summary>Ends it. A look that hangs is left behind: it has nothing that anybody waits for.</summary>
    public void Dispose()
    {
        _over.Set();
        _thread.Join(Limits.StopTimeoutMs);
    }

    private void Run()
    {
        while (!_time.Wait(_over, Limits.RightsLookMs))
        {
            try
            {
                _look();
            }
            catch (Exception)
            {
                // A log that throws, or no memory for a moment: the next look does it.
            }
        }
    }
}
