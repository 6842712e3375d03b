using System;
using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>
/// Watches a cluster without a session, and changes nothing: for whoever keeps a mirror of it, such as a console. Any thread may call it.
/// </summary>
public sealed class ClusterWatcher : IDisposable
{
    private readonly TlsFiles? _tls;
    private readonly CallerToken? _token;
    private readonly MasterEndpoints _endpoints;
    private readonly WatchCalls _watches;

    /// <summary>Dials nobody yet.</summary>
    /// <param name="masters">Any or all masters of the cluster: "host:port" or "unix:/path" each.</param>
    /// <param name="tls">How they are spoken to; null: without TLS, as <paramref name="insecure"/> allows.</param>
    /// <param name="insecure">Where no TLS is needed.</param>
    /// <param name="tokenFile">The file of the token that shows who watches; empty: none.</param>
    /// <param name="tlsNews">Told of the files of certificates; null: nobody is.</param>
    /// <param name="unexpected">
    /// Told, on threads of the watcher's own, of what no code expected there; the watcher goes on all the same. Null: nobody is.
    /// </param>
    /// <exception cref="SessionException">InvalidArgument; a file of TLS or the token's cannot be used; OutOfResources.</exception>
    public ClusterWatcher(
        IReadOnlyList<string> masters, TlsOptions? tls = null, Insecure insecure = Insecure.No, string tokenFile = "",
        ITlsNews? tlsNews = null, Action<Exception>? unexpected = null)
    {
        ArgumentNullException.ThrowIfNull(tokenFile);
        Action<Exception> told = unexpected ?? (_ => { });
        _token = tokenFile.Length == 0 ? null : new CallerToken(tokenFile, "token_file", _ => { }, told);
        try
        {
            _tls = tls == null ? null : TlsFiles.Open(tls, "tls", tlsNews ?? new NoTlsNews(), told);
            _endpoints = new MasterEndpoints(masters, new PeerTrust(_tls, insecure), token: _token);
        }
        catch
        {
            Dispose();
            throw;
        }

        _watches = new WatchCalls(_endpoints);
    }

    /// <summary>
    /// Sessions, items and assignments, as what changes becomes durable, whichever master leads: over changes of leader without a gap, or
    /// with all that there is once more, of which only the difference is told.
    /// </summary>
    /// <param name="options">What, and from where on; null: everything, and all that there is first.</param>
    /// <param name="patienceMs">How long to look for a leader each time; 0: for as long as it takes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SessionException">
    /// Compacted, where the options do not want a difference; PermissionDenied or Unauthenticated; NoMaster, of a watcher without so much
    /// patience; InvalidArgument or TooLong.
    /// </exception>
    public IAsyncEnumerable<SessionEvent> WatchAsync(
        WatchOptions? options = null, uint patienceMs = 0, CancellationToken cancellationToken = default) => _watches
        .WatchAsync(options ?? new WatchOptions(), WatchCalls.ForAnybody, patienceMs, cancellationToken).EndedBy(cancellationToken);

    /// <summary>Ends what is watched.</summary>
    public void Dispose()
    {
        _endpoints?.Dispose();
        _tls?.Dispose();
        _token?.Dispose();
    }
}
