using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Failover.Stage;
using Interop.Sessions.Protocol;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Failover.Load;

/// <summary>Some sessions that renew over one stream, as those of one process do, and change an item each in turn.</summary>
internal sealed class SwarmProcess(IReadOnlyList<string> masters, string name, int count, History history) : IDisposable
{
    private const int CreatesAtATime = 32;
    private const int IntervalMs = (int)Settings.TermMs / 6;
    private const int AnswerMs = 700;
    private const int RetryMs = 50;
    private const int WritePauseMs = 10;

    private readonly MasterLink _link = new(masters);
    private readonly MasterLink _writeLink = new(masters);
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _endingWrites = new();
    private readonly List<Task> _running = [];
    private Task _writing = Task.CompletedTask;

    internal IReadOnlyList<SwarmSession> Sessions { get; private set; } = [];

    /// <summary>Creates the sessions and begins to renew and to write.</summary>
    internal async Task StartAsync()
    {
        List<SwarmSession> made = [];
        foreach (int[] some in Enumerable.Range(0, count).Chunk(CreatesAtATime))
        {
            made.AddRange(await Task.WhenAll(some.Select(i => CreateAsync($"{name}-{i}"))));
        }

        Sessions = made;
        _running.Add(Task.Run(RenewAsync));
        _writing = Task.Run(WriteAsync);
        _running.Add(_writing);
    }

    internal IEnumerable<string> Defects =>
        _running.Where(task => task.IsFaulted).Select(task => $"{name}: {task.Exception!.InnerException}");

    /// <summary>No item changes any more; the sessions live on, so that what they have can be looked at.</summary>
    internal async Task EndWritesAsync()
    {
        await _endingWrites.CancelAsync();
        await _writing;
    }

    internal async Task EndAsync()
    {
        // Whatever ended a task too early is a defect of the load, and thrown here.
        await EndWritesAsync();
        await _ending.CancelAsync();
        await Task.WhenAll(_running);
    }

    public void Dispose()
    {
        _link.Dispose();
        _writeLink.Dispose();
        _ending.Dispose();
        _endingWrites.Dispose();
    }

    private async Task<SwarmSession> CreateAsync(string identity)
    {
        Wire.CreateSessionRequest request = new()
        {
            Description = new Wire.ServerDescription { Identity = identity },
            Nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue),
        };
        while (true)
        {
            string master = _link.Current;
            try
            {
                long sentNs = BootClock.NowNs;
                Wire.CreateSessionReply reply = await _link.Sessions(master)
                    .CreateSessionAsync(request, deadline: DateTime.UtcNow.AddSeconds(5));
                Wire.SessionKey key = new() { SessionId = reply.SessionId, Epoch = reply.Epoch, Nonce = reply.Nonce };
                return new SwarmSession(identity, key, sentNs);
            }
            catch (RpcException error)
            {
                _link.MoveOnFrom(master, error);
                await Task.Delay(RetryMs);
            }
        }
    }

    private async Task RenewAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            string master = _link.Current;
            using RenewalStream stream = new(_link.Sessions(master).KeepAlive(cancellationToken: _ending.Token));
            try
            {
                while (await RenewOnceAsync(stream, master))
                {
                    await Task.Delay(IntervalMs, _ending.Token);
                }
            }
            catch (Exception error) when (error is RpcException or IOException or OperationCanceledException)
            {
                _link.MoveOnFrom(master, hint: null);
            }

            await Task.Delay(RetryMs);
        }
    }

    /// <summary>False: this master does not lead.</summary>
    private async Task<bool> RenewOnceAsync(RenewalStream stream, string master)
    {
        SwarmSession[] alive = [.. Sessions.Where(session => session.DeadSinceNs == null)];
        Dictionary<ulong, SwarmSession> byId = alive.ToDictionary(session => session.Key.SessionId);
        foreach (SwarmSession[] some in alive.Chunk(1000))
        {
            long sentNs = BootClock.NowNs;
            // What the store must forget first comes in a second answer.
            await foreach (Wire.KeepAliveReply reply in stream.RenewAsync([.. some.Select(session => session.Key)], AnswerMs))
            {
                if (reply.Renewals.Any(renewal => renewal.Status == Wire.Status.NotLeader))
                {
                    _link.MoveOnFrom(master, reply.LeaderHint);
                    return false;
                }

                Note(reply, byId, master, sentNs);
            }
        }

        return true;
    }

    private void Note(Wire.KeepAliveReply reply, Dictionary<ulong, SwarmSession> byId, string master, long sentNs)
    {
        bool isAnyRenewed = false;
        foreach (Wire.Renewal renewal in reply.Renewals)
        {
            SwarmSession session = byId[renewal.SessionId];
            if (renewal.Status == Wire.Status.Ok)
            {
                session.NoteRenewal(sentNs);
                isAnyRenewed = true;
            }
            else if (renewal.Status is not (Wire.Status.TimedOut or Wire.Status.StoreFailed or Wire.Status.Cancelled))
            {
                history.NoteLoss(
                    $"{session.Identity} is {renewal.Status} at {master}, epoch {reply.MasterEpoch}, " +
                    $"{(BootClock.NowNs - session.RenewedNs) / 1_000_000} ms after its last renewal");
            }
        }

        if (isAnyRenewed)
        {
            history.NoteRenewal(new Renewed(reply.MasterEpoch, master, sentNs, BootClock.NowNs));
        }
    }

    private async Task WriteAsync()
    {
        for (int i = 0; !_endingWrites.IsCancellationRequested; i = (i + 1) % Sessions.Count)
        {
            if (Sessions[i].DeadSinceNs == null)
            {
                await WriteOnceAsync(Sessions[i]);
                await Task.Delay(WritePauseMs);
            }
        }
    }

    private async Task WriteOnceAsync(SwarmSession session)
    {
        string master = _writeLink.Current;
        long value = ++session.Attempted;
        try
        {
            await _writeLink.Sessions(master).SetItemAsync(
                new Wire.SetItemRequest
                {
                    Session = session.Key,
                    Key = "counter",
                    Value = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes(value)),
                },
                deadline: DateTime.UtcNow.AddMilliseconds(1500));
            session.Acknowledged = value;
            history.NoteWrite();
        }
        catch (RpcException error)
        {
            SessionStatus status = StatusOnTheWire.FromRpc(error).Status;
            if (status is SessionStatus.UnknownSession or SessionStatus.SessionExpired or SessionStatus.WrongEpoch)
            {
                history.NoteLoss($"{session.Identity}: the write is answered {status}");
            }

            _writeLink.MoveOnFrom(master, error);
            await Task.Delay(RetryMs);
        }
    }
}
