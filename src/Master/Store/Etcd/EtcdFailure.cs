using System;
using Grpc.Core;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>What a failed request to etcd means.</summary>
internal enum EtcdFailure
{
    /// <summary>No answer, or none that says whether it happened: ask again, elsewhere.</summary>
    Unknown,

    /// <summary>Not done; the member is busy: ask again.</summary>
    Busy,

    /// <summary>Not done: the token is not valid any more.</summary>
    TokenExpired,

    /// <summary>Not done: more operations than --max-txn-ops.</summary>
    TooManyOperations,

    /// <summary>Not done: more bytes than --max-request-bytes.</summary>
    TooLarge,

    /// <summary>Not done: the database has reached --quota-backend-bytes.</summary>
    Full,

    /// <summary>Not done: the revision that was asked for has been compacted away.</summary>
    Compacted,

    /// <summary>Not done: the answer has more bytes than this client takes.</summary>
    AnswerTooLarge,

    /// <summary>Not done, and will not be: no permission, or no sense.</summary>
    Refused,
}

/// <summary>Reads etcd's errors: it tells by text what its gRPC codes do not (etcd: api/v3rpc/rpctypes/error.go).</summary>
internal static class EtcdFailures
{
    internal static EtcdFailure Of(RpcException error)
    {
        string text = error.Status.Detail;
        return error.StatusCode switch
        {
            StatusCode.InvalidArgument when Has(text, "too many operations") => EtcdFailure.TooManyOperations,
            StatusCode.InvalidArgument when Has(text, "request is too large") => EtcdFailure.TooLarge,
            StatusCode.ResourceExhausted when Has(text, "larger than max") || Has(text, "message size") =>
                IsOfClient(text) ? EtcdFailure.AnswerTooLarge : EtcdFailure.TooLarge,
            StatusCode.ResourceExhausted when Has(text, "space exceeded") => EtcdFailure.Full,
            StatusCode.ResourceExhausted => EtcdFailure.Busy,
            StatusCode.OutOfRange when Has(text, "compacted") => EtcdFailure.Compacted,
            StatusCode.Unauthenticated => EtcdFailure.TokenExpired,
            StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.FailedPrecondition or
                StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.Unimplemented => EtcdFailure.Refused,
            _ => EtcdFailure.Unknown,
        };
    }

    /// <summary>The error for whoever must act on it.</summary>
    internal static SessionException ToSessionException(string what, RpcException error) => Of(error) switch
    {
        EtcdFailure.Full => New(SessionStatus.StoreFull, what, "its database is full (--quota-backend-bytes); compact, defragment and disarm the alarm", error),
        EtcdFailure.Compacted => New(SessionStatus.StoreFailed, what, "the revision that was being read has been compacted; read again, or compact less often", error),
        EtcdFailure.TooLarge => New(SessionStatus.StoreFailed, what, "one change is larger than its --max-request-bytes", error),
        EtcdFailure.TokenExpired or EtcdFailure.Refused => New(SessionStatus.StoreFailed, what, "it refuses", error),
        _ => New(SessionStatus.StoreFailed, what, "it does not answer", error),
    };

    private static SessionException New(SessionStatus status, string what, string meaning, RpcException error) =>
        new(status, $"{what}: {meaning}: {error.StatusCode}, {error.Status.Detail}", error);

    // Grpc.Net.Client's own words; etcd's server speaks of "received message larger than max".
    private static bool IsOfClient(string text) => Has(text, "Received message exceeds");

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
