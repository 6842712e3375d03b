using System;
using System.IO;

namespace Interop.Sessions.Daemon;

/// <summary>A failed command says why in one line and exits with 1.</summary>
internal static class Failures
{
    internal static int Report(Action act)
    {
        try
        {
            act();
            return 0;
        }
        catch (SessionException error)
        {
            return Say($"{error.Status.Name()}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Say(error.Message);
        }
    }

    internal static int Say(string why)
    {
        Console.Error.WriteLine($"session-master: {Printable.Of(why)}");
        return 1;
    }
}
