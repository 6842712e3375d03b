using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using Grpc.Core;

namespace Interop.Sessions.Protocol;

/// <summary>How a <see cref="SessionException"/> travels: the nearest gRPC code for any client, our status in a trailer.</summary>
public static class StatusOnTheWire
{
    /// <summary>The trailer of every answer: the number of the leadership that gave it.</summary>
    public const string MasterEpochTrailer = "master-epoch";

    /// <summary>The trailer of every refusal: the number of our status.</summary>
    public const string StatusTrailer = "session-status";

    private const string LeaderHintTrailer = "leader-hint";
    private const string RetryAfterTrailer = "retry-after-ms";
    private const string OutcomeUnknownTrailer = "outcome-unknown";

    /// <summary>For the master: what to throw out of a gRPC method.</summary>
    public static RpcException ToRpc(SessionException error)
    {
        Metadata trailers = new()
        {
            { StatusTrailer, ((int)error.Status).ToString(CultureInfo.InvariantCulture) },
        };
        if (IsForTrailer(error.LeaderHint))
        {
            trailers.Add(LeaderHintTrailer, error.LeaderHint);
        }

        if (error.RetryAfterMs > 0)
        {
            trailers.Add(RetryAfterTrailer, error.RetryAfterMs.ToString(CultureInfo.InvariantCulture));
        }

        if (error.IsOutcomeUnknown)
        {
            trailers.Add(OutcomeUnknownTrailer, "1");
        }

        return new RpcException(new Grpc.Core.Status(CodeOf(error.Status), error.Message), trailers);
    }

    /// <summary>
    /// For the follower: what a failed call means. A master that speaks our protocol sends the trailer; without it the
    /// failure is the transport's.
    /// </summary>
    public static SessionException FromRpc(RpcException error)
    {
        string? number = error.Trailers.GetValue(StatusTrailer);
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status != 0)
        {
            (SessionStatus known, string message) = Enum.IsDefined((SessionStatus)status)
                ? ((SessionStatus)status, error.Status.Detail)
                : (SessionStatus.Unsupported, $"status {status}, which this library does not know: {error.Status.Detail}");
            return new SessionException(known, message, error)
            {
                LeaderHint = error.Trailers.GetValue(LeaderHintTrailer),
                RetryAfterMs = RetryAfterOf(error.Trailers),
                IsOutcomeUnknown = error.Trailers.GetValue(OutcomeUnknownTrailer) == "1",
            };
        }

        if (UntrustedPeerException.In(error) is { } untrusted)
        {
            // Nothing was sent.
            return new SessionException(SessionStatus.Unauthenticated, untrusted.Message, error);
        }

        SessionStatus transport = TransportStatus(error.Status);
        return new SessionException(transport, error.Status.Detail, error)
        {
            // Nobody said that nothing was done, but for a server that does not know the call.
            IsOutcomeUnknown = transport != SessionStatus.Unsupported,
        };
    }

    /// <summary>
    /// A hint is what the host of a master said. A server refuses to write a header with anything else in it, and the caller would not even
    /// hear that it must ask elsewhere.
    /// </summary>
    private static bool IsForTrailer([NotNullWhen(true)] string? hint) =>
        !string.IsNullOrEmpty(hint) && hint.All(unit => unit is >= ' ' and <= '~');

    // Never longer than any term can be: it is a stranger's word.
    private static uint RetryAfterOf(Metadata trailers) =>
        uint.TryParse(trailers.GetValue(RetryAfterTrailer), NumberStyles.None, CultureInfo.InvariantCulture, out uint ms)
            ? Math.Min(ms, Limits.MaxTermMs)
            : 0;

    private static SessionStatus TransportStatus(Grpc.Core.Status status) => status.StatusCode switch
    {
        StatusCode.Cancelled => SessionStatus.Cancelled,
        StatusCode.DeadlineExceeded => SessionStatus.TimedOut,
        StatusCode.ResourceExhausted => SessionStatus.TooLong,
        // A server that speaks gRPC: a master that is older than the call. Grpc.Net.Client says the same of a page that a web
        // server does not find, and adds these words.
        StatusCode.Unimplemented when !status.Detail.Contains("Bad gRPC response", StringComparison.Ordinal) =>
            SessionStatus.Unsupported,
        // Unreachable, or a connection that broke in whatever way, or another program's server.
        _ => SessionStatus.NoMaster,
    };

    private static StatusCode CodeOf(SessionStatus status) => status switch
    {
        SessionStatus.InvalidArgument or SessionStatus.TooLong or SessionStatus.InvalidUtf8 or
            SessionStatus.ItemTooLarge or SessionStatus.ReservedKey => StatusCode.InvalidArgument,
        SessionStatus.Unsupported => StatusCode.Unimplemented,
        SessionStatus.Unauthenticated => StatusCode.Unauthenticated,
        SessionStatus.Cancelled => StatusCode.Cancelled,
        SessionStatus.TimedOut => StatusCode.DeadlineExceeded,
        SessionStatus.NoMaster or SessionStatus.NotLeader => StatusCode.Unavailable,
        SessionStatus.Refused or SessionStatus.ReportRefused or SessionStatus.WrongSecret or SessionStatus.PermissionDenied =>
            StatusCode.PermissionDenied,
        SessionStatus.IdentityInUse or SessionStatus.SessionExists => StatusCode.AlreadyExists,
        SessionStatus.UnknownSession or SessionStatus.ItemNotFound or SessionStatus.NoAccessPoint or
            SessionStatus.SessionExpired or SessionStatus.SessionRevoked or SessionStatus.SessionClosed =>
            StatusCode.NotFound,
        SessionStatus.Compacted => StatusCode.OutOfRange,
        SessionStatus.WrongEpoch or SessionStatus.WrongNonce or SessionStatus.RevisionMismatch =>
            StatusCode.FailedPrecondition,
        SessionStatus.TooManySessions or SessionStatus.TooManyItems or SessionStatus.StoreFull or
            SessionStatus.Overloaded or SessionStatus.OutOfResources =>
            StatusCode.ResourceExhausted,
        _ => StatusCode.Internal,
    };
}
