using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>What holds strangers back: places, calls, bytes, and what waits for the writer. Nothing is counted twice or for ever.</summary>
internal static class BoundsTarget
{
    internal static FuzzTarget Target { get; } = new("bounds", Run) { MostBytes = 800 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        const int Most = 4;
        ConnectionTable<string> places = new(Most, 1 + input.Below(3));
        HashSet<string> open = [];
        CallAdmission admission = new();
        CallCounts counts = new();
        Stack<CallClass> calls = new();
        ByteBudget budget = new(1000);
        Stack<long> held = new();
        WaitingOperations<int> waiting = new(2);
        List<WaitingOperations<int>.Place> waits = [];
        long nowNs = Ns.PerSecond;
        int next = 0;
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            string name = input.Name("c", 8);
            switch (input.Below(18))
            {
                case 0 or 1 when !open.Contains(name):
                    Open(places, open, name, nowNs);
                    break;
                case 2:
                    places.Close(name);
                    open.Remove(name);
                    break;
                case 3:
                    places.Prove(name, 1 + (ulong)input.Below(3), nowNs);
                    break;
                case 4:
                    places.BeginCall(name, nowNs);
                    break;
                case 5:
                    places.Use(name, nowNs);
                    break;
                case 6:
                    Expect.That(places.TakeSilent(nowNs).All(open.Contains), "what is not there is told to go");
                    break;
                case 7:
                    CallClass call = (CallClass)input.Below(4);
                    if (admission.Begin(call, counts) == null)
                    {
                        calls.Push(call);
                    }

                    break;
                case 8 when calls.TryPop(out CallClass ended):
                    admission.End(ended, counts);
                    break;
                case 9:
                    long wanted = input.Of(0L, 1L, 500L, 1001L);
                    if (budget.TryTake(wanted))
                    {
                        held.Push(wanted);
                    }

                    break;
                case 10 when held.TryPop(out long returned):
                    budget.Return(returned);
                    break;
                case 11:
                    waits.Add(waiting.Add(next++, input.Below(9)));
                    break;
                case 13:
                    places.Vouch(name, nowNs);
                    break;
                case 15:
                    places.SessionEnded(1 + (ulong)input.Below(3), nowNs);
                    break;
                case 16:
                    places.Shrink(input.Below(8));
                    break;
                case 17:
                    places.Recover();
                    break;
                case 12 when waits.Count > 0:
                    waiting.Drop(waits[input.Below(waits.Count)]);
                    break;
                default:
                    waiting.Take([]);
                    waiting.Done();
                    break;
            }

            Expect.Same(open.Count, places.Count, "places");
            Expect.Same(held.Sum(), budget.Held, "bytes");
            Expect.That(waiting.Bytes >= 0 && (waiting.Count > 0 || waiting.Bytes == 0), $"{waiting.Count} wait with {waiting.Bytes} bytes");
        }
    }

    private static void Open(ConnectionTable<string> places, HashSet<string> open, string name, long nowNs)
    {
        PlaceAnswer answer = places.Open(name, nowNs, out string? mustGo);
        Expect.That(mustGo == null || open.Contains(mustGo), "what is not there must go");
        if (answer == PlaceAnswer.Granted)
        {
            open.Add(name);
        }
    }
}
