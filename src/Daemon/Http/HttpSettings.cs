using System.Collections.Generic;
using System.Net;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon.Http;

/// <summary>The settings of <see cref="HttpOptions"/>.</summary>
internal static class HttpSettings
{
    private static readonly TextSetting<HttpOptions> s_listen = new()
    {
        Name = "http_listen_address",
        Flag = "--http-listen",
        IsInC = false,
        Value = "host:port",
        Description = "Where /metrics (Prometheus), /live, /ready and /leader are served, with the master's TLS; without it: nowhere.",
        Within = "a numeric host or localhost",
        Unset = "nowhere",
        Get = options => options.ListenAddress,
        Set = (options, given) => options.ListenAddress = given,
        Check = text => text.Length == 0 ? null : MasterSettings.TryParseListening(text, out _),
    };

    internal static IReadOnlyList<Setting<HttpOptions>> All { get; } = [s_listen];

    /// <summary>Where to listen; null: nowhere.</summary>
    /// <param name="http">What was given, and was checked.</param>
    /// <param name="master">Whose rules for connections without TLS hold here too.</param>
    /// <exception cref="SessionException">InvalidArgument, naming the flag and the limit.</exception>
    internal static IPEndPoint? AddressOf(HttpOptions http, SessionMasterOptions master)
    {
        if (http.ListenAddress.Length == 0)
        {
            return null;
        }

        MasterSettings.TryParseListening(http.ListenAddress, out IPEndPoint address);
        return master.Tls != null || master.Insecure.Allows(address.Address) ? address : throw new SessionException(
            SessionStatus.InvalidArgument,
            $"{s_listen.Flag} is {http.ListenAddress}, which is no loopback address: there is no TLS, and --insecure is {master.Insecure.Word()}");
    }
}
