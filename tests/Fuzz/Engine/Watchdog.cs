using System;
using System.Threading;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>Ends the process where an input takes too long: what decides must end, whatever it is told.</summary>
internal static class Watchdog
{
    /// <summary>Much, since whatever else the machine does must not look like a loop.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(300);

    private static readonly Timer s_timer = new(_ => Look());
    private static string s_target = "";
    private static string s_path = "";
    private static long s_beats;
    private static long s_seen;

    internal static void Begin(string target, string path)
    {
        (s_target, s_path) = (target, path);
        s_timer.Change(s_patience, s_patience);
    }

    /// <summary>The next input begins.</summary>
    internal static void Beat() => s_beats++;

    internal static void End() => s_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private static void Look()
    {
        long beats = Volatile.Read(ref s_beats);
        if (beats != s_seen)
        {
            s_seen = beats;
            return;
        }

        Report.Say(s_target, s_path, $"an input takes more than {s_patience.TotalSeconds} s");
        Console.WriteLine("0 passed, 1 failed");
        Environment.Exit(1);
    }
}
