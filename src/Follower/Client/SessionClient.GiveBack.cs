using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <content>Sessions that are given back in the background, and what is left of creates that were given up.</content>
internal sealed partial class SessionClient
{
    private readonly ConcurrentDictionary<Task, bool> _givingBack = new();
    private readonly Lock _abandonedLock = new();
    private readonly AbandonedCreates _abandoned = new();

    /// <summary>Nobody of this process holds what a nonce made: the next create of the identity says so.</summary>
    /// <param name="identity">Of the create.</param>
    /// <param name="nonce">Of the create.</param>
    /// <param name="fromNs">When the last effect of its holder is over.</param>
    internal void Abandon(string identity, ulong nonce, long fromNs)
    {
        lock (_abandonedLock)
        {
            _abandoned.Add(identity, nonce, fromNs);
        }
    }

    /// <summary>Tells the master that a session ended, in the background, when the last effect of its holder is over.</summary>
    internal void GiveBack(SessionKey key, long effectsOverNs) => Track(CloseSessionAsync(key, effectsOverNs));

    /// <summary>The same for a session that the answer to an abandoned create may still bring.</summary>
    internal void GiveBack(Task<CreateSessionReply> attempt, SessionWish wish) => Track(GiveBackAsync(attempt, wish));

    /// <summary>Ends when the master was told of all of them, for as long as a close may take.</summary>
    internal Task GivenBackAsync() => Task.WhenAny(
        Task.WhenAll(_givingBack.Keys.ToArray()),
        Task.Delay(TimeSpan.FromMilliseconds(bounds.EffectDelayMs + Limits.CloseTimeoutMs), endpoints.Time));

    private IReadOnlyList<ulong> AbandonedOf(string identity)
    {
        lock (_abandonedLock)
        {
            return _abandoned.Of(identity, endpoints.Time.NowNs);
        }
    }

    private async Task GiveBackAsync(Task<CreateSessionReply> attempt, SessionWish wish)
    {
        try
        {
            CreateSessionReply reply = await attempt.ConfigureAwait(false);
            await CloseSessionAsync(KeyOf(reply), wish.EffectsOverNs(bounds, endpoints.Time.NowNs)).ConfigureAwait(false);
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
