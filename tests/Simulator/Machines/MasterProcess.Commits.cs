using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>One batch after the other, as CommitQueue.</content>
internal sealed partial class MasterProcess
{
    private const int OperationsPerCommit = 8;
    private const int ExpiriesPerCommit = 3;
    private const long ExpiryTickNs = 25 * World.Ms;

    private readonly Queue<Operation> _waiting = new();
    private bool _isCommitting;

    private void Write(
        Func<SessionTable, object?> decide, Action<object?, SessionStatus> answer, Func<SessionTable, bool>? isSettled = null)
    {
        Operation operation = new(decide, answer, isRead: isSettled != null);
        if (isSettled?.Invoke(_table!) == true)
        {
            operation.Decide(_table!);
            operation.Complete();
            return;
        }

        _waiting.Enqueue(operation);
        CommitNext();
    }

    private void CommitNext()
    {
        if (_isCommitting || _table == null || _waiting.Count == 0)
        {
            return;
        }

        List<Operation> batch = [];
        while (batch.Count < OperationsPerCommit && _waiting.TryDequeue(out Operation? operation))
        {
            batch.Add(operation);
        }

        // What only looks sees what is durable: after the commit.
        List<Operation> reads = batch.FindAll(operation => operation.IsRead);
        batch.RemoveAll(operation => operation.IsRead);
        foreach (Operation operation in batch)
        {
            operation.Decide(_table);
        }

        if (DeliberateFaults.Has(DeliberateFault.AnswerBeforeCommit))
        {
            batch.ForEach(operation => operation.Complete());
            batch.Clear();
        }

        SessionTable table = _table;

        Commit(isDone =>
        {
            foreach (Operation operation in batch)
            {
                if (isDone)
                {
                    operation.Complete();
                }
                else
                {
                    operation.Fail();
                }
            }

            foreach (Operation read in reads)
            {
                read.Decide(table);
                read.Complete();
            }
        });
    }

    private void ExpireLater(ulong epoch)
    {
        AfterLocal(ExpiryTickNs, () =>
        {
            if (_table == null || epoch != _masterEpoch)
            {
                return;
            }

            // Most often nothing is due, and then nothing has changed that would have to be looked at.
            if (Leads && !_isCommitting && (_table.Expire(NowNs, ExpiriesPerCommit) > 0 || _table.Changes.Count > 0))
            {
                Commit(_ => { });
            }

            ExpireLater(epoch);
        });
    }

    private void Commit(Action<bool> answer)
    {
        SessionTable table = _table!;
        ulong epoch = _masterEpoch;
        StoreChange[] changes = [.. table.Changes];
        EndedSession[] ended = [.. table.Ended];
        World.Witness.IsSound(table);
        if (changes.Length == 0)
        {
            table.Accept();
            answer(true);
            CommitNext();
            return;
        }

        if (DeliberateFaults.Has(DeliberateFault.ExpiryToldBeforeCommit))
        {
            Tell(ended);
        }

        _isCommitting = true;
        World.Store.Commit(this, epoch, changes, table.Revision, (outcome, _) =>
        {
            if (_table != table)
            {
                return;
            }

            _isCommitting = false;
            if (outcome is StoreOutcome.NotLeader or StoreOutcome.Unknown)
            {
                // What it holds in memory may not be what is stored: only a new leadership knows.
                StepDown(CampaignEveryNs);
                return;
            }

            if (outcome == StoreOutcome.Done)
            {
                table.Accept();
                if (!DeliberateFaults.Has(DeliberateFault.ExpiryToldBeforeCommit))
                {
                    Tell(ended);
                }

                World.Witness.IsWhatIsStored(table);
            }
            else
            {
                table.Undo();
            }

            World.Witness.IsSound(table);
            answer(outcome == StoreOutcome.Done);
            CommitNext();
        });
    }

    private void Tell(IEnumerable<EndedSession> ended)
    {
        foreach (EndedSession end in ended)
        {
            World.Note($"{Name}: SessionEnded {end.Session.Description.Identity} epoch {end.Session.Key.Epoch} {end.Reason}");
            World.Witness.SessionEnded(end.Session.Key, end.Reason);
        }
    }

    private sealed class Operation(Func<SessionTable, object?> decide, Action<object?, SessionStatus> answer, bool isRead)
    {
        private object? _result;
        private SessionStatus _status;

        internal bool IsRead => isRead;

        internal void Decide(SessionTable table)
        {
            try
            {
                _result = decide(table);
                _status = SessionStatus.Ok;
            }
            catch (SessionException refusal)
            {
                _status = refusal.Status;
            }
        }

        internal void Complete() => answer(_result, _status);

        internal void Fail() => answer(null, SessionStatus.StoreFailed);
    }
}
