using System;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// Creates and re-attaches through the host's hooks, which grant, refuse and change anything, with failures at every step: each ends, and a
/// session that the host has refused is in no answer.
/// </summary>
internal static class CreatingTarget
{
    internal static FuzzTarget Target { get; } = new("creating", Run) { MostBytes = 400 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        TableTarget.Ids ids = new();
        StoreModel store = new();
        long nowNs = 1_000 * Ns.PerSecond;
        SessionTable table = new(TableCalls.Settings(input), store.Snapshot(1, 100), ids.Next, nowNs);
        GrantedAnswer? last = null;
        // What a host has, it has for its life.
        CreateHooks hooks = (CreateHooks)input.Below(8);
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            CreateFlow flow = last != null && input.Byte() > 180
                ? new CreateFlow(
                    last.Key.SessionId, input.Name("s", 3), TestConnections.SecretOf(last.Key.Nonce),
                    TestConnections.Of(1 + (ulong)input.Below(5)).Told, hooks)
                : new CreateFlow(Description(input), TestConnections.Of(1 + (ulong)input.Below(5)).Told, [1 + (ulong)input.Below(5)], hooks);
            for (int steps = 0; flow.Step is not (CreateStep.Answer or CreateStep.Refuse); steps++)
            {
                Expect.That(steps < 50, "a create has no end");
                nowNs += input.PassingNs();
                Do(flow, table, store, input, nowNs);
            }

            Verify(flow, nowNs);
            last = flow.Step == CreateStep.Answer ? flow.Answer : last;
        }
    }

    private static ServerDescription Description(ByteInput input) => new()
    {
        Identity = input.Name("s", 3),
        TermMs = input.Number32(),
        Capabilities = input.Number(),
        Items = [.. Enumerable.Range(0, input.Below(2)).Select(_ => new Item("k", input.Raw(2), 0))],
    };

    private static void Do(CreateFlow flow, SessionTable table, StoreModel store, ByteInput input, long nowNs)
    {
        if (input.Byte() > 235)
        {
            flow.Fails(new SessionException(
                input.Of(SessionStatus.NotLeader, SessionStatus.Refused, SessionStatus.Cancelled, SessionStatus.StoreFull), "it did not go"));
            return;
        }

        try
        {
            Go(flow, table, store, input, nowNs);
        }
        catch (SessionException refusal)
        {
            Expect.That(refusal.Status != SessionStatus.Internal, refusal.Message);
            table.Undo();
            flow.Fails(refusal);
        }
    }

    private static void Go(CreateFlow flow, SessionTable table, StoreModel store, ByteInput input, long nowNs)
    {
        switch (flow.Step)
        {
            case CreateStep.CheckLeader:
                flow.Goes();
                break;
            case CreateStep.Look:
                flow.Look(table, nowNs);
                break;
            case CreateStep.Find:
                GrantedAnswer? found = flow.Find(table, nowNs);
                Commit(table, store);
                flow.Found(found);
                break;
            case CreateStep.Initialize:
                flow.Amended(new SessionAmendment { TermMs = input.Number32(), Capabilities = input.Number() });
                break;
            case CreateStep.Store:
                GrantedAnswer stored = flow.Store(table, nowNs);
                Commit(table, store);
                flow.Stored(stored);
                break;
            case CreateStep.Grant:
                Ask(flow, input);
                flow.Granted();
                break;
            case CreateStep.Close:
                table.Close(flow.Answer!.Key);
                Commit(table, store);
                flow.Goes();
                break;
            default:
                table.Revoke(flow.Answer!.Key.SessionId, flow.Answer.Key.Epoch, "refused");
                Commit(table, store);
                flow.Goes();
                break;
        }
    }

    private static void Ask(CreateFlow flow, ByteInput input)
    {
        if (!flow.MustAskHost)
        {
            return;
        }

        if (input.Byte() > 200)
        {
            flow.HostRefuses(new SessionException(SessionStatus.Refused, "no"));
            return;
        }

        SessionGrant grant = flow.NewGrant();
        grant.ReportWindow = new ReportWindow(input.Number(), input.Number32());
        flow.HostGrants(grant);
    }

    private static void Commit(SessionTable table, StoreModel store)
    {
        store.Commit(table.Changes);
        table.Accept();
        table.EndsAreTold();
        string[] broken = [.. table.BrokenInvariants()];
        Expect.That(broken.Length == 0, string.Join("; ", broken));
    }

    private static void Verify(CreateFlow flow, long nowNs)
    {
        if (flow.Step == CreateStep.Refuse)
        {
            Expect.That(flow.Refusal != null, "a refusal without a reason");
            return;
        }

        GrantedAnswer answer = flow.Answer ?? throw new FindingException("an answer without a session");
        Expect.That(answer.TermMs is >= Limits.MinTermMs and <= Limits.MaxTermMs, $"a term of {answer.TermMs} ms");
        Expect.That(answer.RenewalPhaseMs < Math.Max(answer.RenewalIntervalMs, 1), "the first renewal is not within an interval");
        Expect.That(flow.Session!.Refusal == null, "a session that the host has refused is answered");
        Expect.That(answer.Key.SessionId != 0 && answer.Key.Epoch != 0 && nowNs > 0, "a session without a number");
    }
}
