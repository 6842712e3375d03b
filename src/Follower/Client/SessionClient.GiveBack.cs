using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <content>Sessions given back while nobody waits for it.</content>
internal sealed partial class SessionClient
{
    private readonly ConcurrentDictionary<Task, bool> _givingBack = new();

    /// <summary>Tells the master that a session ended, in the background.</summary>
    internal void GiveBack(SessionKey key) => Track(CloseSessionAsync(key));

    /// <summary>The same for a session that the answer to an abandoned create may still bring.</summary>
    internal void GiveBack(Task<CreateSessionReply> attempt) => Track(GiveBackAsync(attempt));

    /// <summary>Waits until the master was told of all of them, for as long as a close may take.</summary>
    internal void WaitForGivenBack() =>
        Task.WaitAny([Task.WhenAll(_givingBack.Keys.ToArray())], (int)Limits.CloseTimeoutMs);

    private async Task GiveBackAsync(Task<CreateSessionReply> attempt)
    {
        try
        {
            CreateSessionReply reply = await attempt.ConfigureAwait(false);
            await CloseSessionAsync(FromWire(reply).Key).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // Nothing was granted, or it will expire.
        }
    }

    private void Track(Task task)
    {
        _givingBack.TryAdd(task, true);
        task.ContinueWith(
            ended => _givingBack.TryRemove(ended, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
