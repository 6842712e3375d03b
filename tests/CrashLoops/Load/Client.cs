using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Protocol;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops.Load;

/// <summary>
/// A client with sessions of its own, one change after the other. Whatever happens to masters, it knows what each of its
/// sessions must be, and which single change was open.
/// </summary>
/// <param name="name">Of its sessions.</param>
/// <param name="seed">Of what it chooses.</param>
/// <param name="masters">Where they are.</param>
/// <param name="ledger">Where numbers are noted.</param>
/// <param name="findings">What is wrong.</param>
/// <param name="counts">What was done.</param>
internal sealed class Client(
    string name, int seed, IReadOnlyList<string> masters, Ledger ledger, Findings findings, Counts counts) : IDisposable
{
    private const int RetryMs = 10;
    private const int AnswerMs = 5000;

    private readonly MasterLink _link = new(masters);
    private readonly Choices _choices = new(name, new Random(seed));
    private RenewalStream? _stream;
    private string _streamTo = "";
    private Task _running = Task.CompletedTask;
    private volatile bool _isStopping;
    private bool _mayCome;

    /// <summary>All that it ever had.</summary>
    internal IReadOnlyList<KnownSession> Sessions => _choices.Sessions;

    /// <summary>What was not answered.</summary>
    internal Change? Open { get; private set; }

    /// <summary>Is a change under way?</summary>
    internal bool IsWaiting => Open != null;

    /// <summary>First what was open, and then on.</summary>
    internal void Start()
    {
        if (Open is Change.Create { IsFound: true, Session.IsMortal: true })
        {
            // Its session may be over before it is asked for again, and then another is made, which is right.
            Open = null;
        }

        _isStopping = false;
        _running = Task.Run(RunAsync);
    }

    /// <summary>To be called once its master is dead: what it has sent comes to nothing from now on.</summary>
    internal async Task StopAsync()
    {
        _isStopping = true;
        await _running;
        _stream?.Dispose();
        _stream = null;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _link.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            // What has met no answer may come late to a master that lives: it is asked again until it has.
            while (!_isStopping || _mayCome)
            {
                if (Open == null && _choices.WantsRenewal())
                {
                    await RenewAsync();
                }
                else
                {
                    Open ??= _choices.Next(ledger.Highest);
                    await MakeAsync(Open);
                }
            }
        }
        catch (Exception error)
        {
            findings.Add($"{name}: {error}");
        }
    }

    private async Task MakeAsync(Change change)
    {
        string master = _link.Current;
        _mayCome = false;
        try
        {
            Settle(change, await change.SendAsync(_link.Sessions(master)));
        }
        catch (RpcException error)
        {
            SessionException refusal = StatusOnTheWire.FromRpc(error);
            _mayCome = error.StatusCode == StatusCode.DeadlineExceeded;
            if (change.IsDoneBy(refusal.Status))
            {
                Settle(change, 0);
            }
            else if (IsStoreRefusal(refusal) && !change.IsLeftOpen)
            {
                // Nothing of it was made: what is there is as it was.
                change.Refuse();
                counts.NoteRefused();
                Open = null;
                await Task.Delay(RetryMs);
            }
            else
            {
                change.IsLeftOpen |= refusal.IsOutcomeUnknown;
                NoteIfSenseless(change, refusal);
                _link.MoveOnFrom(master, error);
                await Task.Delay(RetryMs);
            }
        }
    }

    private void Settle(Change change, ulong number)
    {
        if (number == 0)
        {
            // A close has none.
        }
        else if (!change.IsFound || change.FoundAs == 0)
        {
            ledger.Note(number, change.Floor, change.Text);
        }
        else if (change is Change.Create { Session.IsMortal: true } && number > change.FoundAs)
        {
            // What was found has ended meanwhile, as nobody renews it, so that the repetition has made another.
            ledger.Note(number, change.FoundAs, change.Text);
            change.Session.Standing = Standing.Asked;
        }
        else if (change.FoundAs != number)
        {
            findings.Add($"{change.Text} was found as {change.FoundAs} and is answered as {number}: it was made twice");
        }

        change.Make(number);
        counts.NoteAcknowledged();
        Open = null;
    }

    // Its sessions are its own: nobody else changes what it compares with, or ends them.
    private void NoteIfSenseless(Change change, SessionException refusal)
    {
        if (refusal.Status is not (SessionStatus.NotLeader or SessionStatus.NoMaster or SessionStatus.TimedOut or SessionStatus.Cancelled
            or SessionStatus.Overloaded or SessionStatus.OutcomeUnknown) && !IsStoreRefusal(refusal))
        {
            findings.Add($"{change.Text} was refused: {refusal.Status} {refusal.Message}");
            Open = null;
        }
    }

    private static bool IsStoreRefusal(SessionException refusal) => !refusal.IsOutcomeUnknown &&
        refusal.Status is SessionStatus.StoreFull or SessionStatus.StoreFailed or SessionStatus.StoreReadOnly;

    private async Task RenewAsync()
    {
        string master = _link.Current;
        Dictionary<ulong, KnownSession> alive = Sessions.Where(session => session.Standing == Standing.Alive)
            .ToDictionary(session => session.Key!.SessionId);
        if (alive.Count == 0)
        {
            return;
        }

        try
        {
            if (_stream == null || _streamTo != master)
            {
                _stream?.Dispose();
                _stream = new RenewalStream(_link.Sessions(master).KeepAlive());
                _streamTo = master;
            }

            await foreach (Wire.KeepAliveReply reply in _stream.RenewAsync([.. alive.Values.Select(session => session.Key!)], AnswerMs))
            {
                foreach (Wire.Renewal renewal in reply.Renewals)
                {
                    Note(renewal, alive[renewal.SessionId]);
                }
            }
        }
        catch (Exception error) when (error is RpcException or IOException or OperationCanceledException or InvalidOperationException)
        {
            _stream?.Dispose();
            _stream = null;
            _link.MoveOnFrom(master, hint: null);
            await Task.Delay(RetryMs);
        }
    }

    private void Note(Wire.Renewal renewal, KnownSession session)
    {
        if (renewal.Status == Wire.Status.Ok)
        {
            counts.NoteRenewed(1);
        }
        else if (renewal.Status is Wire.Status.UnknownSession or Wire.Status.SessionExpired or Wire.Status.SessionRevoked
            or Wire.Status.SessionClosed or Wire.Status.WrongEpoch or Wire.Status.WrongNonce)
        {
            findings.Add($"{session.Identity} of epoch {session.Key!.Epoch} is told {renewal.Status}");
        }
    }
}
