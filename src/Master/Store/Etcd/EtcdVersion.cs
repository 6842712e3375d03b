using System;
using System.Linq;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// What a member says of its version: "3.4.23", and with what builders and vendors put around it, such as "3.5.0-rc.1",
/// "v3.5.4-k3s1" and "3.6.0+git".
/// </summary>
internal static class EtcdVersion
{
    /// <summary>The first with which this library is tested.</summary>
    private static readonly Version Oldest = new(3, 4);

    /// <summary>True: it will do. False: not known; etcd may be used with a warning.</summary>
    /// <exception cref="SessionException">StoreFailed: too old.</exception>
    internal static bool IsKnownToDo(string endpoint, string said)
    {
        string text = said.Trim();
        text = text.StartsWith('v') ? text[1..] : text;
        string numbers = string.Concat(text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')).Trim('.');
        if (!Version.TryParse(numbers, out Version? version))
        {
            return false;
        }

        return version >= Oldest ? true : throw new SessionException(
            SessionStatus.StoreFailed, $"etcd at {endpoint} has version {said}; at least {Oldest} is needed");
    }
}
