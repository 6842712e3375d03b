using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Client;

/// <summary>
/// The dialers of the masters' names. Dialers outlive connections: the address at which a master answered serves when another
/// master names it again, and a question that hangs is not asked again. The number of names that masters only hint at is
/// bounded, and so is the number that is asked about at a time, since a master that lies may name more and more.
/// </summary>
/// <param name="configured">"host:port" each.</param>
/// <param name="resolve">The resolver.</param>
/// <param name="resolverFailed">Takes why the resolver could not say anything.</param>
internal sealed class MasterNames(
    IReadOnlyList<string> configured, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Action<string> resolverFailed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NameDialer> _configured = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Hinted> _hinted = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<string> _addresses = configured;
    private long _uses;
    private int _hintedQuestions;

    /// <summary>What dials a master; the same for all ports of a host.</summary>
    internal NameDialer DialerOf(string address)
    {
        string host = EndpointAddress.HostOf(address) ?? address;
        if (UnixEndpoint.Is(address) || IPAddress.TryParse(host, out _))
        {
            // Such a dialer knows nothing that could be lost.
            return new NameDialer(resolve, resolverFailed);
        }

        lock (_lock)
        {
            return IsConfigured(host) ? OfConfigured(host) : OfHinted(host);
        }
    }

    /// <summary>Other masters are the configured ones from now on.</summary>
    internal void Configure(IReadOnlyList<string> configured)
    {
        lock (_lock)
        {
            _addresses = configured;
            foreach (string host in _configured.Keys)
            {
                if (!IsConfigured(host))
                {
                    _configured.Remove(host);
                }
            }
        }
    }

    private bool IsConfigured(string host) =>
        _addresses.Any(known => host.Equals(EndpointAddress.HostOf(known), StringComparison.OrdinalIgnoreCase));

    private NameDialer OfConfigured(string host)
    {
        if (!_configured.TryGetValue(host, out NameDialer? dialer))
        {
            _configured.Add(host, dialer = new NameDialer(resolve, resolverFailed));
        }

        return dialer;
    }

    private NameDialer OfHinted(string host)
    {
        if (!_hinted.TryGetValue(host, out Hinted? hinted))
        {
            if (_hinted.Count >= Limits.MaxHintedNames)
            {
                _hinted.Remove(_hinted.MinBy(known => (known.Value.Dialer.KnowsAddress, known.Value.LastUse)).Key);
            }

            _hinted.Add(host, hinted = new Hinted(new NameDialer(AskAboutHintedAsync, resolverFailed)));
        }

        hinted.LastUse = ++_uses;
        return hinted.Dialer;
    }

    private async Task<IPAddress[]> AskAboutHintedAsync(string host, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _hintedQuestions) > Limits.MaxHintedQuestions)
            {
                throw new IOException($"it has not answered {Limits.MaxHintedQuestions} questions about other masters yet");
            }

            return await resolve(host, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _hintedQuestions);
        }
    }

    private sealed class Hinted(NameDialer dialer)
    {
        internal NameDialer Dialer => dialer;

        internal long LastUse { get; set; }
    }
}
