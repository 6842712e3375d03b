using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>The one writer with a store that takes a transaction, refuses it, or says nothing of it, and a leadership that comes and goes.</summary>
internal static class WritingTarget
{
    internal static FuzzTarget Target { get; } = new("writing", Run) { MostBytes = 400 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        TableTarget.Ids ids = new();
        StoreModel store = new();
        long nowNs = 1_000 * Ns.PerSecond;
        SessionTable table = new(TableCalls.Settings(input), store.Snapshot(1, 100), ids.Next, nowNs);
        TableCalls calls = new(input);
        Standing standing = new();
        WritePath path = new(table, standing, 1 + input.Below(8));
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            standing.Change(input);
            Operation[] batch = [.. Enumerable.Range(0, input.Below(5)).Select(_ => new Operation(calls, input.Byte() > 200, () => nowNs))];
            WriteStep step = path.Take(batch, nowNs);
            for (int steps = 0; step != WriteStep.Wait; steps++)
            {
                Expect.That(steps < 1000, "a batch has no end");
                CarryOut(path.TakeEffects());
                nowNs += input.PassingNs();
                standing.Change(input);
                step = step switch
                {
                    WriteStep.Look => path.Seen(input.Byte() < 230 ? null : "fog", nowNs),
                    WriteStep.Commit => Commit(path, store, input, nowNs),
                    _ => path.GoOn(nowNs),
                };
            }

            CarryOut(path.TakeEffects());
            Expect.That(batch.All(operation => operation.Answers == 1), "a caller was not answered once");
            if (path.IsOver)
            {
                return;
            }

            string[] broken = [.. table.BrokenInvariants()];
            Expect.That(broken.Length == 0, string.Join("; ", broken));
            SessionTable next = new(new SessionTableSettings(), store.Snapshot(2, table.Revision), ids.Next, nowNs);
            Expect.Same(TableTarget.TextOf(table), TableTarget.TextOf(next), "what the store has of the table");
        }
    }

    private static WriteStep Commit(WritePath path, StoreModel store, ByteInput input, long nowNs)
    {
        Expect.That(path.Changes.Count > 0, "nothing is to be committed");
        byte kind = input.Byte();
        if (kind < 180)
        {
            store.Commit(path.Changes);
            return path.Committed(nowNs);
        }

        SessionStatus status = input.Of(SessionStatus.StoreFull, SessionStatus.StoreFailed, SessionStatus.NotLeader, SessionStatus.TimedOut);
        return path.CommitFailed(new SessionException(status, "it does not") { IsOutcomeUnknown = kind >= 250 }, nowNs);
    }

    private static void CarryOut(IReadOnlyList<WriteEffect> effects)
    {
        foreach (WriteEffect effect in effects)
        {
            switch (effect)
            {
                case WriteEffect.Answer answer:
                    answer.Operation.Complete();
                    break;
                case WriteEffect.Refuse refuse:
                    refuse.Operation.Fail(refuse.Failure);
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class Operation(TableCalls calls, bool isRead, Func<long> now) : TableOperation(isRead)
    {
        internal int Answers { get; private set; }

        public override void Decide(SessionTable table)
        {
            if (IsRead)
            {
                TableTarget.TextOf(table);
                return;
            }

            calls.Call(table, now());
        }

        public override void Complete() => Answers++;

        public override void Fail(SessionException failure) => Answers++;
    }

    private sealed class Standing : IWriteStanding
    {
        private bool _mayAct = true;

        public bool IsLost { get; private set; }

        public bool MayAct(long nowNs) => _mayAct && !IsLost;

        public bool MayExpire(long nowNs) => MayAct(nowNs);

        internal void Change(ByteInput input)
        {
            byte kind = input.Byte();
            _mayAct = kind < 250 ? _mayAct : !_mayAct;
            IsLost |= kind == 249;
        }
    }
}
