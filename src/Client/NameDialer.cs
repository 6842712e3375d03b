using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Client;

/// <summary>
/// Dials one name, for <see cref="SocketsHttpHandler.ConnectCallback"/>: asks the resolver each time, and does not depend on
/// it. Where it fails, or takes its time, the addresses that worked before are dialled at once; several addresses are
/// dialled a moment after each other, and the first that answers is taken (RFC 8305).
/// </summary>
/// <param name="resolve">The resolver.</param>
/// <param name="resolverFailed">Takes why the resolver could not say anything; must not block.</param>
public sealed class NameDialer(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Action<string> resolverFailed)
{
    private readonly Lock _lock = new();
    private readonly KnownAddresses _known = new();
    private Task<IPAddress[]>? _lookup;

    /// <summary>Has the resolver not answered yet, with no address that is known from before?</summary>
    public bool IsResolving
    {
        get
        {
            lock (_lock)
            {
                return _lookup is { IsCompleted: false } && !_known.HasAny;
            }
        }
    }

    /// <summary>Is an address known where a master answered?</summary>
    public bool KnowsAddress
    {
        get
        {
            lock (_lock)
            {
                return _known.HasAny;
            }
        }
    }

    /// <inheritdoc cref="KnownAddresses.Note"/>
    public bool Note(ConnectionSign sign)
    {
        lock (_lock)
        {
            return _known.Note(sign);
        }
    }

    /// <summary>Connects by TCP.</summary>
    /// <exception cref="IOException">Names what failed: the resolver, or the dials.</exception>
    public async ValueTask<NetworkStream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        string host = context.DnsEndPoint.Host;
        int port = context.DnsEndPoint.Port;
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return await DirectDial.ConnectAsync(new IPEndPoint(literal, port), cancellation).ConfigureAwait(false);
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Dials dials = new(port, over.Token);
        try
        {
            (IPAddress address, NetworkStream stream) = await RaceAsync(host, dials, over.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _known.Connected(address);
            }

            return stream;
        }
        catch (OperationCanceledException)
        {
            // Whatever was dialled took too long: the next time another address comes first.
            dials.EachUnderWay(Failed);
            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            dials.CloseOthers();
        }
    }

    private async Task<(IPAddress Address, NetworkStream Stream)> RaceAsync(
        string host, Dials dials, CancellationToken cancellation)
    {
        Task<IPAddress[]> lookup = Lookup(host);
        Task patience = Task.Delay(Limits.ResolveTimeoutMs, cancellation);
        Task start = InOrder([]).Count > 0 ? Task.Delay(Limits.ResolveHeadStartMs, cancellation) : patience;
        await Task.WhenAny(lookup, start).ConfigureAwait(false);
        if (FailureOf(lookup) is { } failure)
        {
            resolverFailed($"the resolver gives no address of {host}: {failure}");
        }

        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            IPAddress? next = InOrder(lookup.IsCompletedSuccessfully ? await lookup.ConfigureAwait(false) : [])
                .FirstOrDefault(address => !dials.HasTried(address));
            if (next != null)
            {
                dials.Begin(next);
            }

            if (dials.AreUnderWay)
            {
                if (await dials.NextAsync(Failed).ConfigureAwait(false) is { } connected)
                {
                    return connected;
                }
            }
            else if (!lookup.IsCompleted && !patience.IsCompleted)
            {
                await Task.WhenAny(lookup, patience).ConfigureAwait(false);
            }
            else
            {
                throw new IOException(dials.Failures(
                    FailureOf(lookup) is { } reason ? $"the resolver gives no address of {host}: {reason}" : null));
            }
        }
    }

    /// <summary>One question at a time: a resolver that hangs must not be asked again at each dial.</summary>
    private Task<IPAddress[]> Lookup(string host)
    {
        lock (_lock)
        {
            if (_lookup is not { IsCompleted: false })
            {
                _lookup = Task.Run(() => resolve(host, CancellationToken.None));
            }

            return _lookup;
        }
    }

    private static string? FailureOf(Task<IPAddress[]> lookup) => lookup switch
    {
        { IsCompleted: false } => "it has not answered yet",
        { IsCompletedSuccessfully: false } => lookup.Exception?.GetBaseException().Message ?? "cancelled",
        { Result.Length: 0 } => "it has no address",
        _ => null,
    };

    private IReadOnlyList<IPAddress> InOrder(IReadOnlyList<IPAddress> resolved)
    {
        lock (_lock)
        {
            return _known.InOrder(resolved);
        }
    }

    private void Failed(IPAddress address)
    {
        lock (_lock)
        {
            _known.Failed(address);
        }
    }

    /// <summary>The dials of one connection.</summary>
    private sealed class Dials(int port, CancellationToken cancellation)
    {
        private readonly HashSet<IPAddress> _tried = [];
        private readonly Dictionary<Task<NetworkStream>, IPAddress> _underWay = [];
        private readonly List<string> _failures = [];

        internal bool AreUnderWay => _underWay.Count > 0;

        internal string Failures(string? more) => string.Join("; ", more == null ? _failures : [.. _failures, more]);

        internal bool HasTried(IPAddress address) => _tried.Contains(address);

        internal void Begin(IPAddress address)
        {
            _tried.Add(address);
            _underWay.Add(DirectDial.ConnectAsync(new IPEndPoint(address, port), cancellation), address);
        }

        /// <summary>The first that connects; null when one has failed, or none has connected within the time.</summary>
        internal async Task<(IPAddress Address, NetworkStream Stream)?> NextAsync(Action<IPAddress> failed)
        {
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task moment = Task.Delay(Limits.DialStaggerMs, waiting.Token);
            Task ended = await Task.WhenAny([.. _underWay.Keys, moment]).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            if (ended is not Task<NetworkStream> dial || !_underWay.Remove(dial, out IPAddress? address))
            {
                return null;
            }

            try
            {
                return (address, await dial.ConfigureAwait(false));
            }
            catch (SocketException error)
            {
                failed(address);
                _failures.Add($"{error.Message} ({address}:{port})");
                return null;
            }
        }

        internal void EachUnderWay(Action<IPAddress> act)
        {
            foreach (IPAddress address in _underWay.Values)
            {
                act(address);
            }
        }

        internal void CloseOthers()
        {
            foreach (Task<NetworkStream> dial in _underWay.Keys)
            {
                _ = dial.ContinueWith(
                    ended => _ = ended.IsCompletedSuccessfully ? ended.Result.DisposeAsync().AsTask() : Task.FromResult(ended.Exception),
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
