using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Around the product's <see cref="WritePath"/>: the store's answers come later, as events.</content>
internal sealed partial class MasterProcess
{
    // So few that a batch is full now and then, and the dead need several.
    private const int OperationsPerCommit = 8;
    private const int ExpiriesPerCommit = 3;

    private void Write(
        Leadership leadership, Func<SessionTable, object?> decide, Action<object?, SessionException?> answer,
        Func<SessionTable, bool>? isSettled = null, bool mayChange = false, Action<Action>? drop = null, bool isBounded = true)
    {
        if (isSettled != null && !ShowsWhatIsStored(leadership))
        {
            return;
        }

        Operation operation = new(decide, answer, isRead: isSettled != null && !mayChange);
        if (isSettled != null && leadership.Path.TryLook(NowNs, isSettled, Look, out _))
        {
            operation.Complete();
            return;
        }

        WaitingOperations<TableOperation>.Place place = leadership.Waiting.Add(operation, bytes: 0, isBounded);
        drop?.Invoke(() =>
        {
            if (leadership.Waiting.Drop(place))
            {
                operation.Fail(SessionException.NotAwaited());
            }
        });
        WriteNext(leadership);

        bool Look(SessionTable table)
        {
            operation.Decide(table);
            return true;
        }
    }

    /// <summary>As the thread of CommitQueue: the next batch when the last is done.</summary>
    private void WriteNext(Leadership leadership)
    {
        if (leadership.IsWriting)
        {
            return;
        }

        if (leadership.Waiting.Count > 0)
        {
            List<TableOperation> batch = [];
            leadership.Waiting.Take(batch);
            Step(leadership, path => path.Take(batch, NowNs));
        }
        else if (leadership == _ending)
        {
            _ending = null;
            Ended(leadership);
        }
    }

    private void ExpireLater(Leadership leadership) => AfterLocal(Math.Max(1, leadership.Path.WaitMs) * World.Ms, () =>
    {
        if (_leadership != leadership)
        {
            return;
        }

        if (!leadership.IsWriting)
        {
            Step(leadership, path => path.Take([], NowNs));
        }

        ExpireLater(leadership);
    });

    private void Step(Leadership leadership, Func<WritePath, WriteStep> input)
    {
        leadership.IsWriting = true;
        leadership.Table.NoteTime(NowNs, UnixMs);
        WriteStep step = input(leadership.Path);
        CarryOut(leadership);
        switch (step)
        {
            case WriteStep.Look:
                Step(leadership, path => path.Seen(blindness: null, NowNs));
                break;
            case WriteStep.Commit:
                Commit(leadership);
                break;
            case WriteStep.Again:
                Step(leadership, path => path.GoOn(NowNs));
                break;
            default:
                leadership.IsWriting = false;
                leadership.Waiting.Done();
                World.Witness.IsSound(leadership.Table);
                WriteNext(leadership);
                break;
        }
    }

    /// <summary>For how long the store has not said what became of the last write.</summary>
    private long StalledNs => (_leadership ?? _ending)?.CommittingSinceNs is { } sinceNs ? NowNs - sinceNs : 0;

    private void Commit(Leadership leadership)
    {
        leadership.CommittingSinceNs = NowNs;
        World.Witness.Decides(leadership.Number, leadership.Path.Changes, isInterrupted: Interruptions != _steps.InterruptionsSeen);
        World.Store.Commit(this, leadership.Epoch, leadership.Path.Changes, leadership.Path.Revision, (outcome, _) =>
        {
            leadership.CommittingSinceNs = null;
            Step(leadership, path => outcome switch
            {
                StoreOutcome.Done => path.Committed(NowNs),
                StoreOutcome.NotLeader => path.CommitFailed(Failure(SessionStatus.NotLeader), NowNs),
                StoreOutcome.Unknown => path.CommitFailed(Failure(SessionStatus.StoreFailed, isUnknown: true), NowNs),
                _ => path.CommitFailed(Failure(SessionStatus.StoreFailed), NowNs),
            });
            if (outcome == StoreOutcome.Done)
            {
                World.Witness.IsWhatIsStored(leadership.Table);
            }

            StepSoon();
        });
    }

    private static SessionException Failure(SessionStatus status, bool isUnknown = false) =>
        new(status, "the store says so") { IsOutcomeUnknown = isUnknown };

    private void CarryOut(Leadership leadership)
    {
        foreach (WriteEffect effect in leadership.Path.TakeEffects())
        {
            switch (effect)
            {
                case WriteEffect.Answer answer:
                    answer.Operation.Complete();
                    break;
                case WriteEffect.Refuse refuse:
                    refuse.Operation.Fail(refuse.Failure);
                    break;
                case WriteEffect.Ended ended:
                    Tell(leadership, ended.End);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Work on the table whose caller is answered by a message.</summary>
    private sealed class Operation(Func<SessionTable, object?> decide, Action<object?, SessionException?> answer, bool isRead)
        : TableOperation(isRead)
    {
        private object? _result;
        private SessionException? _refusal;

        public override void Decide(SessionTable table)
        {
            try
            {
                _result = decide(table);
                _refusal = null;
            }
            catch (SessionException refusal)
            {
                _refusal = refusal;
            }
        }

        public override void Complete() => answer(_result, _refusal);

        public override void Fail(SessionException failure) => answer(null, failure);
    }
}
