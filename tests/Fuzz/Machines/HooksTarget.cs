using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// The order of a host's hooks: one at a time of each identity, none before its leadership is told or after its end, and each runs, or is
/// handed back, exactly once.
/// </summary>
internal sealed class HooksTarget
{
    internal static FuzzTarget Target { get; } = new("hooks", bytes => new HooksTarget(new ByteInput(bytes)).Run()) { MostBytes = 1000 };

    private readonly ByteInput _input;
    private readonly HookOrder<int> _order = new();
    private readonly HashSet<int> _waiting = [];
    private readonly List<Hook<int>> _posted = [];
    private readonly List<Hook<int>> _running = [];
    private readonly HashSet<ulong> _leaderships = [];
    private long _nowNs = Ns.PerSecond;
    private ulong _leadership;
    private bool _hasBegun;
    private int _work;

    private HooksTarget(ByteInput input) => _input = input;

    private void Run()
    {
        while (!_input.IsOver)
        {
            _nowNs += _input.PassingNs();
            try
            {
                Do();
            }
            catch (SessionException refusal)
            {
                Expect.That(refusal.Status is SessionStatus.Overloaded or SessionStatus.NotLeader, refusal.Message);
            }

            Verify();
        }

        Finish();
    }

    private void Do()
    {
        switch (_input.Below(12))
        {
            case 0 or 1 or 2:
                Posted(_order.PostCall(_input.Name("i", 3), "call", ++_work, _input.Below(9), _input.Flag(), _nowNs, Leadership()));
                break;
            case 3 or 4:
                if (_order.PostEnd(_input.Name("i", 3), "end", ++_work, Leadership()) is { } end)
                {
                    Posted(end);
                }

                break;
            case 5 when _posted.Count > 0:
                Hook<int> dropped = _posted[_input.Below(_posted.Count)];
                Expect.Same(_waiting.Contains(dropped.Work), _order.Drop(dropped), "whether it waited");
                _waiting.Remove(dropped.Work);
                break;
            case 6:
                Gone(_order.DropAll((HookWay)_input.Below(2)));
                break;
            case 7 when !_hasBegun:
                _leaderships.Add(++_leadership);
                _order.EnterLeadership(_leadership, "changed", ++_work, ++_work);
                _order.BeginLeadership(_leadership);
                _waiting.Add(_work - 1);
                _hasBegun = true;
                break;
            case 8 when _hasBegun:
                End();
                break;
            case 9 or 10 when _running.Count > 0:
                Done(_running[_input.Below(_running.Count)]);
                break;
            default:
                Take((HookWay)_input.Below(3));
                break;
        }
    }

    private ulong Leadership() => _input.Byte() switch
    {
        < 100 => 0,
        < 230 => _leadership,
        _ => _input.Number(),
    };

    private void Posted(Hook<int> hook)
    {
        _waiting.Add(hook.Work);
        _posted.Add(hook);
    }

    private void End()
    {
        Gone(_order.EndLeadership(_leadership));
        // Told only where its beginning was.
        _hasBegun = false;
    }

    private void Gone(IEnumerable<Hook<int>> hooks)
    {
        foreach (Hook<int> hook in hooks)
        {
            Expect.That(_waiting.Remove(hook.Work), "what did not wait is handed back");
        }
    }

    private void Take(HookWay way)
    {
        if (_order.Take(way, _nowNs) is { } hook)
        {
            Expect.That(hook.Way == HookWay.Leadership || _waiting.Remove(hook.Work), "a hook runs twice");
            Expect.That(
                hook.Way == HookWay.Leadership || _running.All(other => other.Identity != hook.Identity), $"two hooks of '{hook.Identity}' run");
            _running.Add(hook);
        }
    }

    private void Done(Hook<int> hook)
    {
        _running.Remove(hook);
        _order.Done(hook);
    }

    private void Verify()
    {
        Expect.Same(_running.Count, _order.Running, "how many run");
        Expect.That(_order.Bytes >= 0, $"{_order.Bytes} bytes");
        foreach (HookWay way in (HookWay[])[HookWay.Call, HookWay.End, HookWay.Leadership])
        {
            Expect.That(_order.WaitingOn(way) >= 0, $"{_order.WaitingOn(way)} wait on {way}");
        }
    }

    // Whatever happened: when each that runs returns, and what may run does, nothing is left.
    private void Finish()
    {
        if (_hasBegun)
        {
            End();
        }

        for (int turns = 0; turns < 5000 && (_running.Count > 0 || _order.IsReady(HookWay.Call) || _order.IsReady(HookWay.End) ||
            _order.IsReady(HookWay.Leadership)); turns++)
        {
            Take((HookWay)(turns % 3));
            if (_running.Count > 0)
            {
                Done(_running[0]);
            }
        }

        Expect.That(
            _order is { Running: 0, Bytes: 0, HasLeaderships: false } && _order.WaitingOn(HookWay.Call) == 0 && _order.WaitingOn(HookWay.End) == 0,
            "something is left that never runs");
    }
}
