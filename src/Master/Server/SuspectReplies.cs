using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>Writes what a <see cref="SuspectAnswers{TChange, TBatch}"/> says to one keep-alive stream.</summary>
/// <param name="write">A reply, behind those that are being written.</param>
internal sealed class SuspectReplies(Func<KeepAliveReply, Task> write)
{
    private readonly Lock _lock = new();
    private readonly SuspectAnswers<Task<SessionStatus>, Batch> _answers = new();
    private bool _isWriting;

    /// <summary>A message has asked for these, which are answered when the store has forgotten their marks.</summary>
    internal void Add(ulong batchId, RenewalsAnswered answered)
    {
        Batch batch = new(batchId, answered.Head);
        foreach ((Sessions.SessionKey key, AnsweredRenewal answer) in answered.Suspects)
        {
            Task<SessionStatus> clear = answered.ClearAsync!(key);
            bool isNew;
            lock (_lock)
            {
                isNew = _answers.Add(clear, batch, answer);
            }

            if (isNew)
            {
                _ = FollowAsync(key.SessionId, clear);
            }
        }

        // Some may have found no place.
        _ = WriteReadyAsync();
    }

    private async Task FollowAsync(ulong sessionId, Task<SessionStatus> clear)
    {
        SessionStatus status = await clear.ConfigureAwait(false);
        lock (_lock)
        {
            _answers.Done(sessionId, clear, status);
        }

        await WriteReadyAsync().ConfigureAwait(false);
    }

    // What becomes ready meanwhile goes with it: a commit may clear a thousand.
    private async Task WriteReadyAsync()
    {
        while (TakeReady() is { } ready)
        {
            try
            {
                foreach ((Batch batch, List<AnsweredRenewal> answers) in ready)
                {
                    await write(RenewalMessages.ToWire(batch.Id, batch.Head, answers)).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or InvalidOperationException or RpcException)
            {
                // The stream has ended; its follower asks again on the next.
                return;
            }

            lock (_lock)
            {
                _isWriting = false;
            }
        }
    }

    /// <summary>Null: there is nothing, or somebody writes, who will look again.</summary>
    private IReadOnlyCollection<KeyValuePair<Batch, List<AnsweredRenewal>>>? TakeReady()
    {
        lock (_lock)
        {
            if (_isWriting || _answers.TakeReady() is not { Count: > 0 } ready)
            {
                return null;
            }

            _isWriting = true;
            return ready;
        }
    }

    private sealed class Batch(ulong id, RenewalHead head)
    {
        internal ulong Id => id;

        internal RenewalHead Head => head;
    }
}
