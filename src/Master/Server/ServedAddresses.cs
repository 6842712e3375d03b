using System.IO;
using System.Net;
using Interop.Sessions.Master.Server.Listening;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interop.Sessions.Master.Server;

/// <summary>Where a master listens, and what it serves there.</summary>
/// <param name="options">Say so.</param>
internal sealed class ServedAddresses(SessionMasterOptions options)
{
    private readonly IPEndPoint _main = options.ParseListenAddress();
    private readonly IPEndPoint? _admin = options.ParseAdminListenAddress();
    private ListenOptions? _mainBound;
    private ListenOptions? _adminBound;

    /// <summary>Of listen_address, once it listens.</summary>
    internal int Port => PortOf(_mainBound);

    /// <summary>Of admin_listen_address, once it listens; 0: there is none.</summary>
    internal int AdminPort => PortOf(_adminBound);

    /// <summary>Lets Kestrel listen at all of them; a Unix socket needs no TLS, since what is said there does not leave the machine.</summary>
    internal void AddTo(KestrelServerOptions kestrel, TlsDoor? door)
    {
        kestrel.Listen(_main, listen =>
        {
            _mainBound = listen;
            Serve(listen, _admin == null ? ServedServices.All : ServedServices.Sessions, door);
        });
        if (_admin != null)
        {
            kestrel.Listen(_admin, listen =>
            {
                _adminBound = listen;
                Serve(listen, ServedServices.Administration, door);
            });
        }

        if (options.UnixSocket.Length > 0)
        {
            kestrel.ListenUnixSocket(Path.GetFullPath(options.UnixSocket), listen => Serve(listen, ServedServices.All, null));
        }
    }

    /// <summary>An address with the option that says it, for errors.</summary>
    internal string NameOf(EndPoint address) =>
        $"{(address is not IPEndPoint ? "unix_socket" : address.Equals(_admin) && !address.Equals(_main) ? "admin_listen_address" : "listen_address")} {address}";

    /// <summary>
    /// Why a service is not served at an address that serves others; null: it is. The caller has no right to it there, whoever he is; and
    /// clients take what is UNSUPPORTED for a master of an older release, which does not know the call.
    /// </summary>
    internal static SessionException? RefusalOf(ServedServices asked, ServedServices served) =>
        (asked & ~served) == ServedServices.None ? null : new SessionException(
            SessionStatus.PermissionDenied,
            asked == ServedServices.Administration
                ? "administration is not served here: this master has another address for it (admin_listen_address)"
                : "sessions are not served here: this address of the master is for administration alone (admin_listen_address)");

    /// <summary>
    /// What whoever asked for a service is told. Where administration has an address of its own, no leader is named to him: the address that
    /// masters tell each other is the one for sessions, which would refuse him.
    /// </summary>
    internal SessionException Told(ServedServices asked, SessionException error) =>
        _admin == null || asked != ServedServices.Administration || error.LeaderHint == null ? error
        : new SessionException(error.Status, error.Message, error)
        {
            RetryAfterMs = error.RetryAfterMs,
            IsOutcomeUnknown = error.IsOutcomeUnknown,
        };

    private static void Serve(ListenOptions listen, ServedServices services, TlsDoor? door)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => connection =>
        {
            connection.Features.Get<ClientConnection>()!.Served = services;
            return next(connection);
        });
        door?.Guard(listen);
    }

    private static int PortOf(ListenOptions? bound) => bound?.IPEndPoint?.Port ?? 0;
}
