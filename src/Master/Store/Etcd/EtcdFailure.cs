using System;
using System.Linq;
using Grpc.Core;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>What a failed request to etcd means.</summary>
internal enum EtcdFailure
{
    /// <summary>No answer, or none that says whether it happened: ask again, elsewhere.</summary>
    Unknown,

    /// <summary>Not done; the member is busy: ask again.</summary>
    Busy,

    /// <summary>Not done: the token is no longer valid, or one is needed.</summary>
    TokenRefused,

    /// <summary>Not done: more operations than --max-txn-ops.</summary>
    TooManyOperations,

    /// <summary>Not done: more bytes than --max-request-bytes.</summary>
    TooLarge,

    /// <summary>
    /// The database has reached --quota-backend-bytes: not done, but for the transaction that brings it there, which is done and
    /// answered so (etcd: server/etcdserver/apply.go, quotaApplierV3).
    /// </summary>
    Full,

    /// <summary>Not done: the revision that was asked for has been compacted away.</summary>
    Compacted,

    /// <summary>Not done: the answer has more bytes than this client takes.</summary>
    AnswerTooLarge,

    /// <summary>Not done, and will not be: no permission, or no sense.</summary>
    Refused,
}

/// <summary>A member could not be asked at all.</summary>
internal sealed class EtcdUnreachableException(string why) : RpcException(new Status(StatusCode.Unavailable, why));

/// <summary>Reads etcd's errors: it tells by text what its gRPC codes do not (etcd: api/v3rpc/rpctypes/error.go).</summary>
internal static class EtcdFailures
{
    /// <summary>
    /// What etcd says of a token that it no longer takes, whatever the code: the token was forgotten or its time is over; users
    /// or roles were changed after a signed token was made (the second as 3.4 says it within); none came where one is needed.
    /// </summary>
    private static readonly string[] TokenWords =
        ["invalid auth token", "revision in header is old", "revision of auth store is old", "user name is empty"];

    internal static EtcdFailure Of(RpcException error)
    {
        string text = error.Status.Detail;
        return error.StatusCode switch
        {
            _ when error is EtcdUnreachableException => EtcdFailure.Busy,
            _ when TokenWords.Any(words => Has(text, words)) => EtcdFailure.TokenRefused,
            StatusCode.InvalidArgument when Has(text, "too many operations") => EtcdFailure.TooManyOperations,
            StatusCode.InvalidArgument when Has(text, "request is too large") => EtcdFailure.TooLarge,
            StatusCode.ResourceExhausted when Has(text, "larger than max") || Has(text, "message size") =>
                IsOfClient(text) ? EtcdFailure.AnswerTooLarge : EtcdFailure.TooLarge,
            StatusCode.ResourceExhausted when Has(text, "space exceeded") => EtcdFailure.Full,
            StatusCode.ResourceExhausted => EtcdFailure.Busy,
            StatusCode.OutOfRange when Has(text, "compacted") => EtcdFailure.Compacted,
            StatusCode.Unauthenticated => EtcdFailure.TokenRefused,
            StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.FailedPrecondition or
                StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.Unimplemented => EtcdFailure.Refused,
            _ => EtcdFailure.Unknown,
        };
    }

    /// <summary>Has etcd no users, or no longer any?</summary>
    internal static bool IsWithoutUsers(RpcException error) => Has(error.Status.Detail, "authentication is not enabled");

    /// <summary>What failed, down to the cause: what TLS said stands there only.</summary>
    internal static string Describe(RpcException error) => error.Status.DebugException is { } cause
        ? $"{error.StatusCode}, {EtcdDial.Describe(cause)}"
        : $"{error.StatusCode}, {error.Status.Detail}";

    /// <summary>The error for the person who must act on it.</summary>
    /// <param name="what">Which etcd.</param>
    /// <param name="error">What it or the way to it said.</param>
    /// <param name="hasUser">Is a user given?</param>
    internal static SessionException ToSessionException(string what, RpcException error, bool hasUser = true) => Of(error) switch
    {
        EtcdFailure.Full => New(SessionStatus.StoreFull, what, "its database is full (--quota-backend-bytes); compact, defragment and disarm the alarm", error, isPassing: true),
        EtcdFailure.Compacted => New(SessionStatus.StoreFailed, what, "the revision that was being read has been compacted; read again, or compact less often", error, isPassing: true),
        EtcdFailure.TooLarge => New(SessionStatus.StoreFailed, what, "one change is larger than its --max-request-bytes", error),
        EtcdFailure.TooManyOperations => New(SessionStatus.StoreFailed, what, $"one change has more operations than its --max-txn-ops; {Limits.EtcdLeastOperations} are needed, and for items that change together as many as they are and two", error),
        EtcdFailure.TokenRefused when !hasUser => New(SessionStatus.StoreFailed, what, "it asks for a user, and etcd.username is empty", error),
        EtcdFailure.TokenRefused or EtcdFailure.Refused => New(SessionStatus.StoreFailed, what, "it refuses", error),
        _ when error is EtcdUnreachableException => new SessionException(
            SessionStatus.StoreFailed, $"{what} cannot be reached: {error.Status.Detail}", error)
        {
            IsPassing = true,
        },
        _ => New(SessionStatus.StoreFailed, what, "it does not answer", error, isPassing: true),
    };

    private static SessionException New(
        SessionStatus status, string what, string meaning, RpcException error, bool isPassing = false) =>
        new(status, $"{what}: {meaning}: {Describe(error)}", error) { IsPassing = isPassing };

    // Grpc.Net.Client's own words; etcd's server speaks of "received message larger than max".
    private static bool IsOfClient(string text) => Has(text, "Received message exceeds");

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
