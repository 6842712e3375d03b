using System;
using System.Linq;
using System.Net;
using System.Text;
using Grpc.Core;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>Short texts of others: addresses, trailers, traces, what a terminal is shown.</summary>
internal static class TextTargets
{
    internal static FuzzTarget Addresses { get; } = new("address", RunAddress)
    {
        MostBytes = 300,
        Words =
        [
            "localhost", "127.0.0.1", "[::1]", "[::]", "0.0.0.0", "[::ffff:127.0.0.1]", ":80", ":65535", ":0", "master-1", ".", "%", "%6c", "0x7f",
            "\uff4c", "\u0660", "\u3002", "@", "\t", "%25", "127.1", "2130706433", "017700000001", "[::ffff:0:0]", "[::%20]", "\ufffd",
        ],
    };

    internal static FuzzTarget Statuses { get; } = new("status", RunStatus)
    {
        MostBytes = 300,
        Words = ["103", "0", "900", "4294967295", "1", "-1", " 1", "a:1"],
    };

    internal static FuzzTarget Prints { get; } = new("print", RunPrint) { MostBytes = 300, Words = ["\u202e", "\ufeff", "00-", "\u001b["] };

    private static void RunAddress(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        string? host = EndpointAddress.HostOf(text);
        Expect.Same(host != null, HostAndPort.TryParse(text, out HostAndPort parsed) && parsed.Port != 0, "an address has a host");
        if (!EndpointAddress.IsValid(text))
        {
            Expect.That(!EndpointAddress.CanBeFollowed(text, "master-9:80"), "what is no address is followed");
            return;
        }

        // As it is dialled.
        Uri uri = new($"http://{text}");
        Expect.Same((int)parsed.Port, uri.Port, "the port that is dialled");
        // Of a number the scope too, which Host leaves away; a name as it is written, and not as a resolver is asked for it.
        string dialled = uri.HostNameType == UriHostNameType.IPv6 ? uri.IdnHost : uri.Host;
        Expect.Same(Bare(host!), Bare(dialled), "the host that is dialled");
        if (EndpointAddress.CanBeFollowed(text, "master-9:80"))
        {
            Expect.That(!uri.IsLoopback, "a stranger leads to this machine");
            Expect.That(!IPAddress.TryParse(uri.IdnHost, out IPAddress? address) || !IPAddress.IsLoopback(address), "and by its number");
        }
    }

    // Names are the same in any case; numeric addresses have many spellings, which dial the same.
    private static string Bare(string host) => IPAddress.TryParse(host, out IPAddress? address)
        ? address.ToString()
        : host.ToUpperInvariant();

    private static void RunStatus(byte[] input)
    {
        ByteInput read = new(input);
        SessionException error = new(read.Of(Enum.GetValues<SessionStatus>().AsSpan(1)), read.Text())
        {
            LeaderHint = read.Flag() ? read.Text() : null,
            RetryAfterMs = read.Number32(),
            IsOutcomeUnknown = read.Flag(),
        };
        RpcException sent = StatusOnTheWire.ToRpc(error);
        Expect.That(sent.Trailers.All(trailer => CanBeSent(trailer.Value)), $"no server sends the trailer '{error.LeaderHint}'");
        SessionException heard = StatusOnTheWire.FromRpc(sent);
        Expect.Same(error.Status, heard.Status, "the status");
        Expect.Same(error.IsOutcomeUnknown, heard.IsOutcomeUnknown, "whether the outcome is known");

        Metadata trailers = [];
        foreach (string name in (string[])["session-status", "leader-hint", "retry-after-ms", "outcome-unknown"])
        {
            if (read.Flag())
            {
                trailers.Add(name, Encoding.Latin1.GetString(read.Raw(read.Below(16))));
            }
        }

        SessionException said = StatusOnTheWire.FromRpc(new RpcException(new Status((StatusCode)read.Below(17), read.Text()), trailers));
        Expect.That(Enum.IsDefined(said.Status) && said.Status != SessionStatus.Ok, $"status {said.Status}");
        Expect.That(said.RetryAfterMs <= Limits.MaxTermMs, $"a stranger may keep a caller waiting for {said.RetryAfterMs} ms");
        string? trace = TraceOnTheWire.Of(new Metadata { { "traceparent", Encoding.Latin1.GetString(read.Rest()) } });
        Expect.That(trace == null || trace.Length == 55, "a trace");
    }

    // What HTTP has in a header, and a server does not refuse to write.
    private static bool CanBeSent(string value) => value.All(unit => unit is >= ' ' and <= '~');

    private static void RunPrint(byte[] input)
    {
        string text = new ByteInput(input).Text() + Encoding.Unicode.GetString(input);
        string shown = Printable.Of(text);
        Expect.That(Printable.Is(shown), "what is printable is not");
        Expect.That(!Printable.Is(text) || ReferenceEquals(text, shown), "a text that is shown as it is was copied");
        Expect.That(shown.All(unit => !char.IsControl(unit)), "a terminal obeys it");
        WireTarget.Strict.GetByteCount(shown);
    }
}
