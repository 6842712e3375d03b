using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Interop.Sessions;

/// <summary>The setting that allows connections without TLS, and what is wrong where neither it nor TLS is chosen.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
/// <param name="role">Which side the options are of.</param>
/// <param name="get">Reads it.</param>
/// <param name="addresses">
/// "host:port" or "unix:/path" each, by the setting that has them: where a master listens, or whom a client dials.
/// </param>
public sealed class InsecureSetting<T>(
    TlsRole role, Func<T, Insecure> get, params (Setting<T> Of, Func<T, IEnumerable<string>> In)[] addresses)
    where T : new()
{
    private const string Values = "no, loopback, anywhere";

    /// <summary>The row.</summary>
    /// <param name="name">As C has it.</param>
    /// <param name="flag">As a command line has it; empty: none has it.</param>
    /// <param name="peer">Whom it speaks to, in words: "followers".</param>
    /// <param name="set">Sets it; null: no command line has it.</param>
    public TextSetting<T> Row(string name, string flag, string peer, Action<T, Insecure>? set) => new()
    {
        Name = name,
        Flag = flag,
        Value = "with",
        Description = role == TlsRole.Server
            ? "From where connections without TLS are served: instead of TLS, or beside it while clients are changed over."
            : $"Where {peer} may be spoken to without TLS.",
        Remark = role == TlsRole.Server
            ? "A master without TLS must say it. What is served from `loopback` alone listens at a loopback address."
            : "Without TLS it must be said, with TLS it must not. `loopback` dials no other machine.",
        Within = Values,
        Get = options => get(options).Word(),
        Set = set == null ? null : (options, given) => set(options, Of(flag, given)),
        Check = text => text is "no" or "loopback" or "anywhere" ? null : $"is {text}; it must be one of {Values}",
    };

    /// <summary>What is wrong with it, TLS being there or not.</summary>
    public IEnumerable<string> ProblemsOf(T options, Setting<T> row, Setting<T> firstOfTls, bool isTls, Spelling spelling)
    {
        foreach (string problem in row.ProblemsOf(options, spelling))
        {
            yield return problem;
        }

        string name = row.NameIn(spelling);
        Insecure insecure = get(options);
        // What is said over a Unix socket does not leave the machine.
        string[] dialled = [.. addresses.SelectMany(some => some.In(options))];
        if (!isTls && insecure == Insecure.No && (dialled.Length == 0 || !dialled.All(UnixEndpoint.Is)))
        {
            yield return $"{firstOfTls.NameIn(spelling)} must be given, for TLS, or {name} (loopback or anywhere), to do without";
        }

        if (isTls && insecure != Insecure.No && role == TlsRole.Client)
        {
            yield return $"{name} is {row.TextOf(options)}, and TLS is spoken: one of the two must be left out";
        }

        if (isTls || insecure != Insecure.Loopback)
        {
            yield break;
        }

        foreach ((Setting<T> of, Func<T, IEnumerable<string>> some) in addresses)
        {
            if (some(options).FirstOrDefault(IsElsewhere) is { } elsewhere)
            {
                yield return $"{of.NameIn(spelling)} has {elsewhere}, which is not of this machine, and {name} is loopback";
            }
        }
    }

    private static Insecure Of(string flag, string text) => text switch
    {
        "loopback" => Insecure.Loopback,
        "anywhere" => Insecure.Anywhere,
        "no" => Insecure.No,
        _ => throw new SessionException(SessionStatus.InvalidArgument, $"{flag} is '{text}'; it must be one of {Values}"),
    };

    // What a name means is looked at when it is dialled.
    private static bool IsElsewhere(string address) =>
        HostAndPort.TryParse(address, out HostAndPort parsed) && IPAddress.TryParse(parsed.Host, out IPAddress? numeric)
        && !Insecure.Loopback.Allows(numeric);
}
