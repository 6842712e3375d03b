using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Interop.Sessions;

/// <summary>"host:port", as people configure it and masters name it.</summary>
public static class EndpointAddress
{
    private static readonly SearchValues<char> s_foreign = SearchValues.Create("@#?/\\ ");

    /// <summary>Where a master listens, and where it is looked for, when nobody says: on this machine.</summary>
    public static string OfDefaultMaster { get; } = $"127.0.0.1:{Limits.DefaultPort}";

    /// <summary>Is it "host:port" and nothing more: no user, path, query or fragment?</summary>
    public static bool IsValid(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return DialledHostOf(address) != null;
    }

    /// <summary>
    /// May a follower go where a master points? Not to "any address", which is a master's own listening address, not to its own machine
    /// on the word of a master of another one, and never to a Unix socket, which no other machine's master can mean.
    /// </summary>
    /// <param name="hint">What the master named.</param>
    /// <param name="from">Where that master was reached.</param>
    public static bool CanBeFollowed(string hint, string from) =>
        DialledHostOf(hint) is { } host && !IsAny(host) && (!IsLoopback(host) || IsOfThisMachine(from));

    /// <summary>The host of "host:port"; null: it is none.</summary>
    public static string? HostOf(string address) =>
        HostAndPort.TryParse(address, out HostAndPort parsed) && parsed.Port != 0 ? parsed.Host : null;

    /// <summary>What is wrong with a list of them and of <see cref="UnixEndpoint"/>s: of which entry, or of the list, and why.</summary>
    /// <param name="addresses">As configured.</param>
    public static IEnumerable<(int? Index, string Problem)> ProblemsOf(IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Count is 0 or > Limits.MaxEndpoints)
        {
            yield return (null, $"has {addresses.Count} entries; it must have 1 to {Limits.MaxEndpoints}");
        }

        for (int i = 0; i < addresses.Count; i++)
        {
            if (ProblemOf(addresses[i]) is { } problem)
            {
                yield return (i, problem);
            }
        }
    }

    private static string? ProblemOf(string address) =>
        UnixEndpoint.Is(address) ? UnixEndpoint.ProblemOf(address)
        : IsValid(address) ? null
        : $"'{address}' is not host:port with a port of 1 to 65535, and not unix:/path";

    /// <summary>
    /// The host as it is dialled; null: it is no address. A text that is not ASCII is dialled by another name, of which "0x7f" and a full
    /// stop of another script make a number, or has none.
    /// </summary>
    private static string? DialledHostOf(string address)
    {
        bool isForUri = Encoding.UTF8.GetByteCount(address) <= Limits.MaxEndpointBytes && HostOf(address) is { Length: > 0 } &&
            Printable.Is(address) && address.AsSpan().IndexOfAny(s_foreign) < 0;
        if (!isForUri || !Uri.TryCreate($"http://{address}", UriKind.Absolute, out Uri? uri) || uri.PathAndQuery != "/")
        {
            return null;
        }

        try
        {
            return uri.IdnHost is { Length: > 0 } host ? host : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static bool IsOfThisMachine(string master) => UnixEndpoint.Is(master) || IsLoopback(DialledHostOf(master) ?? "");

    private static bool IsAny(string host) => AddressOf(host) is { } address &&
        (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static bool IsLoopback(string host) =>
        host.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        host.TrimEnd('.').EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ||
        (AddressOf(host) is { } address && IPAddress.IsLoopback(address));

    /// <summary>
    /// Without the scope: "::1%5" leads to this machine as "::1" does, and only its number would be compared. What stands for an address
    /// of version 4 is that: "::ffff:127.0.0.1", and the old form "::127.0.0.1".
    /// </summary>
    private static IPAddress? AddressOf(string host)
    {
        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            return null;
        }

        byte[] bytes = address.GetAddressBytes();
        bool isOldForm = bytes.Length == 16 && bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 &&
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)) > 1;
        return address.IsIPv4MappedToIPv6 || isOldForm ? new IPAddress(bytes.AsSpan(12)) : new IPAddress(bytes);
    }
}
