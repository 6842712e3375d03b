using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The system's resolver. It may block for many seconds, and .NET asks it on a thread of the pool, on which renewals run: so
/// each question has a thread of its own; <see cref="NameDialer"/> asks one at a time for a name.
/// </summary>
public static class SystemResolver
{
    /// <summary>The addresses of a name.</summary>
    public static Task<IPAddress[]> AddressesOf(string host, CancellationToken cancellation) => Task.Factory.StartNew(
        () => Dns.GetHostAddresses(host), cancellation,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
