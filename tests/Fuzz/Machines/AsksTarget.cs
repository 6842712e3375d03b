using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>Calls and creates that are made again: every one ends, no pause is longer than what is left, and no number comes twice.</summary>
internal static class AsksTarget
{
    internal static FuzzTarget Target { get; } = new("asks", Run) { MostBytes = 500 };

    // A renewal is asked for as long as there is a lease, and never given up; a create has its own machine.
    private static readonly CallKind[] s_kinds = [.. Enum.GetValues<CallKind>().Where(kind => kind is not (CallKind.Renewal or CallKind.Create))];

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        long nowNs = Ns.PerSecond;
        uint timeoutMs = input.Of(1u, 50u, 5000u, Limits.MaxTimeoutMs);
        HolderBounds bounds = new(input.Of(0u, 500_000u), input.Number32());
        if (input.Flag())
        {
            CallAsk call = new(input.Of(s_kinds), timeoutMs, nowNs);
            Try(
                input, nowNs, call.DeadlineNs, (failure, at) => call.Failed(failure, "m:1", (NextMaster)input.Below(4), at, input.Fraction()),
                () => call.End);
        }
        else
        {
            SessionAsk ask = new(new SessionWish(new ServerDescription(), TestConnections.Of(1), timeoutMs), bounds, nowNs);
            Try(
                input, nowNs, ask.DeadlineNs, (failure, at) => ask.Failed(failure, "m:1", (NextMaster)input.Below(4), at, input.Fraction()),
                () => ask.End);
        }

        Numbers(input, nowNs);
    }

    private static void Try(
        ByteInput input, long nowNs, long deadlineNs, Func<SessionException, long, Repeat> fail, Func<SessionException?> end)
    {
        for (int attempts = 0; attempts < 100 && !input.IsOver; attempts++)
        {
            nowNs += input.PassingNs();
            SessionException failure = new(input.Of(Enum.GetValues<SessionStatus>().AsSpan(1)), "no")
            {
                IsOutcomeUnknown = input.Flag(),
                RetryAfterMs = input.Number32(),
                LeaderHint = input.Flag() ? input.Text() : null,
            };
            Repeat repeat = fail(failure, nowNs);
            Expect.Same(repeat.Way == RepeatWay.GiveUp, end() != null, "what is given up has an end");
            if (repeat.Way == RepeatWay.GiveUp)
            {
                Expect.That(!failure.IsOutcomeUnknown || end()!.IsOutcomeUnknown, "a caller is told that nothing was done");
                return;
            }

            Expect.That(nowNs < deadlineNs, "an attempt follows after the time-out");
            nowNs += Ns.FromMs(repeat.PauseMs);
            Expect.That(nowNs < deadlineNs, "a pause takes the last attempt its time");
        }
    }

    private static void Numbers(ByteInput input, long nowNs)
    {
        WriteNumbers numbers = new();
        AbandonedCreates abandoned = new();
        LogBudget budget = new();
        Queue<WriteId> open = new();
        ulong last = 0;
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            if (input.Flag() && numbers.TryBegin(out WriteId write))
            {
                Expect.That(write.Number > last && write.FirstUnfinished <= write.Number, $"number {write} follows {last}");
                Expect.That(write.Number - write.FirstUnfinished < Limits.MaxUnfinishedWrites, "a master refuses the number");
                last = write.Number;
                open.Enqueue(write);
            }
            else if (open.TryDequeue(out WriteId finished))
            {
                numbers.Finish(finished);
            }

            abandoned.Add(input.Name("s", 3), (ulong)input.Below(40), nowNs + input.PassingNs());
            Expect.That(abandoned.Of("s0", nowNs).Count <= Limits.MaxAbandonedNonces, "a create names more than a master takes");
            budget.TrySpend(input.Name("k", 3), nowNs, out int leftOut);
            Expect.That(leftOut >= 0, $"{leftOut} lines were left out");
        }
    }
}
