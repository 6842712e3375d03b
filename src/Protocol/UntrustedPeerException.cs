using System;
using System.IO;
using Grpc.Core;

namespace Interop.Sessions.Protocol;

/// <summary>Whoever was dialled could not show who it is.</summary>
public sealed class UntrustedPeerException : IOException
{
    /// <param name="host">That was dialled.</param>
    /// <param name="error">What .NET says.</param>
    public UntrustedPeerException(string host, Exception error)
        : base($"{host} is not trusted: {Reason(error)}", error)
    {
    }

    /// <param name="host">That was dialled.</param>
    /// <param name="reason">Why it is not spoken to.</param>
    public UntrustedPeerException(string host, string reason)
        : base($"{host} is not trusted: {reason}")
    {
    }

    /// <summary>The reason of a call's failure, if it is one.</summary>
    public static UntrustedPeerException? In(RpcException error)
    {
        for (Exception? cause = error?.Status.DebugException; cause != null; cause = cause.InnerException)
        {
            if (cause is UntrustedPeerException found)
            {
                return found;
            }
        }

        return null;
    }

    // "The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot", or what OpenSSL said.
    private static string Reason(Exception error) => error.InnerException is { } inner ? $"{error.Message} ({inner.Message})" : error.Message;
}
