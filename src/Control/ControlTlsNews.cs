using System;
using System.Globalization;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Control;

/// <summary>Tells an operator that a certificate runs out; a command is over before its files change.</summary>
internal sealed class ControlTlsNews : ITlsNews
{
    /// <summary>What no code expected on the thread that reads the files: the command goes on with the certificates that it has.</summary>
    internal static void Unexpected(Exception error)
    {
        if (LastCatch.MayTell(Console.Error, "sessions-tls", out int leftOut))
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"sessionctl: certificates are not looked at: {Printable.Of(error.Message)} ({leftOut} such lines left out)"));
        }
    }

    public void Replaced(TlsOptions options, DateTime? until)
    {
    }

    public void Unreadable(string reason)
    {
    }

    public void EndsSoon(string file, DateTime until, TimeSpan left) =>
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"sessionctl: a certificate of {file} ends at {until:u}, in {left:d\\.hh\\:mm}"));
}
