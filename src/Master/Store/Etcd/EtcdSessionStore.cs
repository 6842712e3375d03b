using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master.Store.Records;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The store of several masters. Each transaction compares that its master leads and that the state is the one that it
/// left behind: so a repetition is no second time, and what a deposed master had sent changes nothing.
/// </summary>
internal sealed partial class EtcdSessionStore : ISessionStore
{
    private readonly EtcdConnection _etcd;
    private readonly Func<Compare> _leads;
    private readonly bool _mayCreate;
    private readonly WriteProgress _progress;
    private readonly ILogger _logger;
    private readonly CancellationToken _abandoned;
    private readonly EtcdLimits _limits = new();
    private StateRecord? _state;
    private ByteString _stateText = ByteString.Empty;

    /// <summary>What the state says when a commit is complete: another format than before only where an import ends.</summary>
    private StoreFormat _format;

    /// <param name="etcd">The cluster; not the store's own.</param>
    /// <param name="leads">What holds in etcd while this master leads.</param>
    /// <param name="mayCreate">A prefix without a state becomes a new store; otherwise it is refused.</param>
    /// <param name="progress">Of its writes.</param>
    /// <param name="logger">Where progress and doubt go.</param>
    /// <param name="abandoned">Cancelled when no caller waits for an outcome any more.</param>
    internal EtcdSessionStore(
        EtcdConnection etcd, Func<Compare> leads, bool mayCreate, WriteProgress progress, ILogger logger,
        CancellationToken abandoned)
    {
        _etcd = etcd;
        _leads = leads;
        _mayCreate = mayCreate;
        _progress = progress;
        _logger = logger;
        _abandoned = abandoned;
    }

    private string Name => $"{_etcd.Name}, prefix {_etcd.Keys.Prefix}";

    /// <inheritdoc/>
    public StoreSnapshot Lead(LeadRequest request)
    {
        KeyValue? stored = FindState();
        return Begin(stored, stored == null ? NewState() : StateOf(stored.Value, _etcd.Keys), request, isImport: false);
    }

    private KeyValue? FindState() =>
        AskForState(_etcd, Limits.EtcdRequestMs, _abandoned, Limits.EtcdConnectMs).Kvs.FirstOrDefault();

    private StoreSnapshot Begin(KeyValue? stored, StateRecord former, LeadRequest request, bool isImport)
    {
        (ulong masterEpoch, ulong revision) = request.Count(former.MasterEpoch, former.Revision, Name);

        _stateText = stored?.Value ?? ByteString.Empty;
        _state = former;
        _format = former.StoreFormat.LedBy(request);
        // The state changes: from here on nothing that an earlier leadership has sent fits it. etcd is not asked forever: a
        // master that stops or resigns waits for the answer, and no other master may lead meanwhile.
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_abandoned);
        patience.CancelAfter(Limits.EtcdPatienceMs);
        Execute(new EtcdTransaction(_etcd.Keys, _limits), former with
        {
            MasterEpoch = masterEpoch,
            Revision = revision,
            StoreFormat = isImport ? _format.AsImporting() : _format,
            Transactions = former.Transactions + 1,
        }, isDivisible: false, patience.Token);
        return new StoreSnapshot
        {
            MasterEpoch = masterEpoch,
            Revision = revision,
            FormerRevision = former.Revision,
            LengthenedTermMs = _state.LengthenedTermMs,
            IsRestored = _state.IsRestored,
            Format = _state.StoreFormat,
            Content = new EtcdReader(_etcd, _logger).Read(revision: 0, _abandoned),
        };
    }

    /// <summary>Is there a store at the prefix?</summary>
    internal static bool Exists(EtcdConnection etcd) => etcd.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest { Key = etcd.Keys.State, CountOnly = true }, headers, null, cancellation),
        Limits.EtcdPatienceMs, default, Limits.EtcdConnectMs).Count > 0;

    // Sessions without a state are no new cluster: what was promised to them stood in it.
    private StateRecord NewState()
    {
        RangeRequest any = new() { Key = _etcd.Keys.Sessions, RangeEnd = EtcdKeys.EndOf(_etcd.Keys.Sessions), Limit = 1, KeysOnly = true };
        bool hasSessions = _etcd.Ask(
            (client, headers, cancellation) => client.Get(any, headers, null, cancellation), Limits.EtcdRequestMs, _abandoned).Count > 0;
        string state = _etcd.Keys.State.ToStringUtf8();
        return hasSessions
            ? throw new SessionException(
                SessionStatus.StoreFailed,
                $"key {state} in etcd is gone, and there are sessions under {_etcd.Keys.Sessions.ToStringUtf8()}: it is damaged; somebody " +
                $"deleted it by hand: put its former value back (etcdctl get --rev), or import a backup below another prefix")
            : _mayCreate ? new StateRecord { MasterEpoch = 0, Revision = 0 }
            : throw StoreTexts.NothingThere(Name, "missing");
    }

    /// <summary>What is stored at one moment, without leading.</summary>
    /// <exception cref="SessionException">StoreFailed: nothing is stored, or it was compacted while it was read.</exception>
    internal static StoreSnapshot Read(EtcdConnection etcd, ILogger logger)
    {
        (StateRecord state, long revision) = ReadState(etcd);
        return new StoreSnapshot
        {
            MasterEpoch = state.MasterEpoch,
            Revision = state.Revision,
            FormerRevision = state.Revision,
            LengthenedTermMs = state.LengthenedTermMs,
            IsRestored = state.IsRestored,
            Format = state.StoreFormat,
            Content = new EtcdReader(etcd, logger).Read(revision, default),
        };
    }

    /// <summary>The state, and the revision of etcd at which it was read.</summary>
    /// <exception cref="SessionException">StoreFailed: nothing is stored.</exception>
    internal static (StateRecord State, long Revision) ReadState(EtcdConnection etcd)
    {
        RangeResponse found = AskForState(etcd, Limits.EtcdPatienceMs, default, Limits.EtcdConnectMs);
        return found.Count > 0
            ? (StateOf(found.Kvs[0].Value, etcd.Keys), found.Header.Revision)
            : throw new SessionException(
                SessionStatus.StoreFailed, $"{etcd.Name} has no store at prefix {etcd.Keys.Prefix}");
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes, ulong revision)
    {
        Debug.Assert(ChangeRules.FaultOf(changes) == null, "a store was given what it cannot keep", ChangeRules.FaultOf(changes));
        int done = 0;
        bool isBegun = false;
        _progress.Begin(_etcd.Time.NowNs);
        try
        {
            foreach (StoreChange.RemoveSession large in changes.OfType<StoreChange.RemoveSession>()
                .Where(remove => remove.Assignments > Limits.EtcdAssignmentsPerTransaction))
            {
                RemoveMostAssignments(large, revision, ref isBegun);
            }

            while (done < changes.Count)
            {
                if (done == 0 && !isBegun && changes.Count > 1)
                {
                    RequireDivisible(changes);
                }

                done += CommitSome(changes.Skip(done), changes.Count - done, revision);
                _progress.Begin(_etcd.Time.NowNs);
            }
        }
        catch (SessionException failure) when ((done > 0 || isBegun) && !failure.IsOutcomeUnknown)
        {
            throw new SessionException(failure.Status, $"{failure.Message}; {done} of {changes.Count} changes were taken", failure)
            {
                IsOutcomeUnknown = true,
            };
        }
        finally
        {
            _progress.Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The connection is the master's.
    }

    /// <summary>Reads the state; one that an import is filling only for an import.</summary>
    internal static StateRecord StateOf(ByteString text, EtcdKeys keys, bool isImport = false)
    {
        string where = $"key {keys.State.ToStringUtf8()} in etcd";
        if (RecordText.Read(text.Span, where) is not StateRecord state)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"{where} holds no state");
        }

        if (!(isImport && state.StoreFormat.IsImporting))
        {
            state.StoreFormat.RequireReadable($"{where}, prefix {keys.Prefix}");
        }

        return SnapshotRules.FaultOfState(state.MasterEpoch, state.Revision, state.LengthenedTermMs) is not { } fault
            ? state
            : throw new SessionException(
                SessionStatus.StoreFailed, $"{where}: its {fault}; somebody changed it by hand: put its former value back");
    }

    /// <summary>
    /// Of a session that ends, as many of its assignments as are too many for one transaction. If this master then fails, the
    /// session is there without these assignments: their objects are assigned again, as they would be after the session's end.
    /// </summary>
    private void RemoveMostAssignments(StoreChange.RemoveSession ending, ulong revision, ref bool isBegun)
    {
        ByteString folder = ByteString.CopyFromUtf8(_etcd.Keys.AssignmentsOf(ending.SessionId));
        RangeRequest firstPage = new()
        {
            Key = folder,
            RangeEnd = EtcdKeys.EndOf(folder),
            KeysOnly = true,
            Limit = Limits.EtcdAssignmentsPerTransaction,
        };
        while (true)
        {
            RangeResponse page = _etcd.Ask(
                (client, headers, cancellation) => client.Get(firstPage, headers, null, cancellation),
                Limits.EtcdRequestMs, _abandoned);
            if (!page.More)
            {
                return;
            }

            EtcdTransaction transaction = new(_etcd.Keys, _limits);
            transaction.RemoveSome(
                _etcd.Keys.SessionOf(ending.SessionId, ending.Epoch), page.Kvs[0].Key, page.Kvs[^1].Key);
            // Counted with the first: a watch that stands before it has not seen all that is stored.
            StateRecord next = _state! with { Revision = Math.Max(_state.Revision, revision), Transactions = _state.Transactions + 1 };
            Execute(transaction, next, isDivisible: false, _abandoned);
            isBegun = true;
            _progress.Begin(_etcd.Time.NowNs);
        }
    }

    /// <summary>
    /// Before anything is taken: what cannot be divided, and this etcd is known to take too little for, is tried alone, so that its
    /// refusal leaves nothing of others half done.
    /// </summary>
    private void RequireDivisible(IReadOnlyList<StoreChange> changes)
    {
        int most = changes.Max(EtcdTransaction.OperationsWith);
        if (most > _limits.Operations)
        {
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"{_etcd.Name} takes fewer than {most} operations in a transaction (--max-txn-ops), and so many belong together");
        }
    }

    /// <summary>Commits as many of those that are left as one transaction takes, and says how many.</summary>
    private int CommitSome(IEnumerable<StoreChange> changes, int left, ulong revision)
    {
        EtcdTransaction transaction = new(_etcd.Keys, _limits);
        int count = changes.TakeWhile(transaction.TryAdd).Count();
        StateRecord next = _state! with
        {
            Revision = Math.Max(_state.Revision, revision),
            LengthenedTermMs = transaction.State?.LengthenedTermMs ?? _state.LengthenedTermMs,
            IsRestored = transaction.State?.IsRestored ?? _state.IsRestored,
            // Together with the last change: a state that lacks the mark of an import has all that was imported beside it.
            StoreFormat = count == left ? _format : _state.StoreFormat,
            Transactions = _state.Transactions + 1,
        };
        switch (Execute(transaction, next, isDivisible: count > 1, _abandoned))
        {
            case EtcdFailure.TooManyOperations:
                _limits.LowerOperations();
                break;
            case EtcdFailure.TooLarge:
                _limits.LowerBytes();
                break;
            default:
                return count;
        }

        MasterLog.TransactionLimitsLowered(_logger, _limits.Operations, _limits.Bytes);
        return 0;
    }

    /// <summary>
    /// Executes a transaction, and repeats it until its outcome is known. Gives what etcd has against its size if it can be
    /// divided; null: it is done.
    /// </summary>
    private EtcdFailure? Execute(EtcdTransaction transaction, StateRecord next, bool isDivisible, CancellationToken patience)
    {
        byte[] text = RecordText.Write(next);
        TxnRequest request = transaction.Build([_leads(), StateIs(_stateText)], text);
        bool mayHaveHappened = false;
        long nextSayNs = 0;
        while (true)
        {
            try
            {
                TxnResponse answer = _etcd.TryOnce(
                    (client, headers, cancellation) => client.Transaction(request, headers, null, cancellation),
                    Limits.EtcdRequestMs, patience);
                RequireTaken(answer, text, mayHaveHappened);
                (_state, _stateText) = (next, ByteString.CopyFrom(text));
                return null;
            }
            catch (SessionException failure) when (mayHaveHappened && !failure.IsOutcomeUnknown)
            {
                throw Unknown(failure);
            }
            catch (RpcException error)
            {
                EtcdFailure failure = EtcdFailures.Of(error);
                if (isDivisible && failure is EtcdFailure.TooManyOperations or EtcdFailure.TooLarge && !mayHaveHappened)
                {
                    return failure;
                }

                if (failure == EtcdFailure.Full && IsTaken(text, patience, ref mayHaveHappened))
                {
                    (_state, _stateText) = (next, ByteString.CopyFrom(text));
                    return null;
                }

                mayHaveHappened |= failure == EtcdFailure.Unknown;
                if (failure is not (EtcdFailure.Unknown or EtcdFailure.Busy) || patience.IsCancellationRequested)
                {
                    throw Failed(error, mayHaveHappened);
                }

                if (_etcd.Time.NowNs >= nextSayNs)
                {
                    MasterLog.CommitUnanswered(_logger, EtcdFailures.Describe(error));
                    nextSayNs = _etcd.Time.NowNs + Ns.FromMs(Limits.EtcdSayMs);
                }

                patience.WaitHandle.WaitOne(Limits.EtcdRetryMs);
            }
        }
    }

    private static RangeResponse AskForState(
        EtcdConnection etcd, int timeoutMs, CancellationToken cancellation, int connectMs = 0) => etcd.Ask(
        (client, headers, ended) => client.Get(new RangeRequest { Key = etcd.Keys.State }, headers, null, ended),
        timeoutMs, cancellation, connectMs);

    /// <summary>After an answer that the database is full: looks whether that was the transaction that filled it.</summary>
    private bool IsTaken(byte[] text, CancellationToken patience, ref bool mayHaveHappened)
    {
        try
        {
            ByteString? found = AskForState(_etcd, Limits.EtcdRequestMs, patience).Kvs.FirstOrDefault()?.Value;
            mayHaveHappened |= found != _stateText;
            return found != null && found.Span.SequenceEqual(text);
        }
        catch (Exception error) when (error is SessionException or OperationCanceledException)
        {
            mayHaveHappened = true;
            return false;
        }
    }

    // etcd could not be asked again: a file with a password is gone, or an older etcd has come.
    private static SessionException Unknown(SessionException failure) =>
        new(SessionStatus.TimedOut, $"the outcome is not known: {failure.Message}", failure) { IsOutcomeUnknown = true };

    /// <summary>A repetition finds the state that its predecessor left; a master that finds another state does not lead.</summary>
    private void RequireTaken(TxnResponse answer, byte[] text, bool mayHaveHappened)
    {
        if (answer.Succeeded)
        {
            return;
        }

        KeyValue? found = answer.Responses[0].ResponseRange.Kvs.FirstOrDefault();
        if (!mayHaveHappened || found == null || !found.Value.Span.SequenceEqual(text))
        {
            throw new SessionException(SessionStatus.NotLeader, $"another master leads on {Name}")
            {
                IsOutcomeUnknown = mayHaveHappened,
            };
        }
    }

    private SessionException Failed(RpcException error, bool mayHaveHappened)
    {
        SessionException failure = _etcd.ToSessionException(error);
        return mayHaveHappened ? Unknown(failure) : failure;
    }

    private Compare StateIs(ByteString text) => text.IsEmpty
        ? new Compare
        {
            Key = _etcd.Keys.State,
            Target = Compare.Types.CompareTarget.Create,
            Result = Compare.Types.CompareResult.Equal,
            CreateRevision = 0,
        }
        : new Compare
        {
            Key = _etcd.Keys.State,
            Target = Compare.Types.CompareTarget.Value,
            Result = Compare.Types.CompareResult.Equal,
            Value = text,
        };
}
