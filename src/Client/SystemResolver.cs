using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>
/// The system's resolver. It may block for many seconds, and .NET asks it on a thread of the pool, on which renewals run: so
/// each question has a thread of its own; <see cref="NameDialer"/> asks one at a time for a name.
/// </summary>
public static class SystemResolver
{
    /// <summary>The addresses of a name; a process that may have no more threads gets an OutOfResources instead.</summary>
    public static Task<IPAddress[]> AddressesOf(string host, CancellationToken cancellation)
    {
        TaskCompletionSource<IPAddress[]> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // What a system resolves by brings code of its own, which may use any stack.
            OwnThread.New("sessions-dns", () => Ask(host, asked), Limits.CallbackStackBytes).StartOrRefuse();
        }
        catch (SessionException refusal)
        {
            asked.TryFail(refusal);
        }

        return asked.Task.WaitAsync(cancellation);
    }

    private static void Ask(string host, TaskCompletionSource<IPAddress[]> asked)
    {
        IPAddress[] found = [];
        Exception? failure = null;
        try
        {
            found = Dns.GetHostAddresses(host);
        }
        catch (Exception error)
        {
            failure = error;
        }

        // Whoever dials hears of it, whatever it is.
        asked.EndAtLast(found, failure);
    }
}
