using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// What holds each caller back: how many watches it has at a time, and how often it calls. Nobody has more than its line says, whoever else
/// calls; and whoever calls again as late as it was told is heard.
/// </summary>
internal sealed class CallersTarget
{
    private const int MostWatches = 2;

    private static readonly AccessRules s_rules = AccessRulesText.Parse(
        "allow * administer\nrate a* creates=2 lists=1\nrate * creates=3 calls=5\nrate - calls=1\n", "the rules");

    private readonly ByteInput _input;
    private readonly CallerPlaces _places = new(MostWatches);
    private readonly Dictionary<string, int> _watches = [];
    private readonly CallRates _rates = new(s_rules.Rates);
    private readonly Dictionary<(string, CallClass), List<long>> _made = [];
    private readonly Dictionary<(string, CallClass), long> _toldToComeNs = [];
    private long _nowNs = Ns.PerSecond;

    private CallersTarget(ByteInput input) => _input = input;

    internal static FuzzTarget Target { get; } = new("callers", bytes => new CallersTarget(new ByteInput(bytes)).Run()) { MostBytes = 600 };

    private void Run()
    {
        while (!_input.IsOver)
        {
            _nowNs += _input.PassingNs();
            string name = _input.Of("", "a1", "a2", "b");
            switch (_input.Below(4))
            {
                case 0:
                    BeginWatch(name);
                    break;
                case 1 when _watches.GetValueOrDefault(name) > 0:
                    _watches[name]--;
                    _places.End(NameOf(name));
                    break;
                default:
                    Call(name, _input.Of(CallClass.Create, CallClass.List, CallClass.Other));
                    break;
            }

            Expect.Same(_watches.Values.Count(open => open > 0), _places.Count, "callers that watch");
        }
    }

    // Callers without a name have their places together.
    private static string? NameOf(string name) => name.Length == 0 ? null : name;

    private void BeginWatch(string name)
    {
        int open = _watches.GetValueOrDefault(name);
        bool isTaken = _places.Begin(NameOf(name)) == null;
        Expect.Same(open < MostWatches, isTaken, "whether there is a place");
        _watches[name] = isTaken ? open + 1 : open;
    }

    private void Call(string name, CallClass call)
    {
        Caller caller = name.Length == 0 ? Caller.Nameless : Caller.Named(name, CallerProof.Token);
        SessionException? refusal = _rates.Begin(caller, call, _nowNs);
        (string, CallClass) made = (name, call);
        if (refusal != null)
        {
            Expect.That(refusal.Status == SessionStatus.Overloaded && refusal.RetryAfterMs is > 0 and <= 1000, refusal.Message);
            Expect.That(!_toldToComeNs.TryGetValue(made, out long told) || _nowNs < told, "one that waits as long as it was told is refused");
            _toldToComeNs[made] = _nowNs + Ns.FromMs(refusal.RetryAfterMs);
            Expect.That(
                PerSecond(name, call) is { } line && _made[made].Count(at => at >= _nowNs - Ns.PerSecond) >= line, "a caller has less than its line says");
            return;
        }

        _toldToComeNs.Remove(made);
        if (PerSecond(name, call) is { } most)
        {
            List<long> times = _made.TryGetValue(made, out List<long>? known) ? known : _made[made] = [];
            times.Add(_nowNs);
            // A second's worth may come at once, and another while the next second passes.
            Expect.That(times.Count(at => at > _nowNs - Ns.PerSecond) <= 2 * most, $"more than {2 * most} a second");
        }
    }

    private static uint? PerSecond(string name, CallClass call) => (name, call) switch
    {
        ("", CallClass.Other) => 1,
        ("", _) => null,
        (['a', ..], CallClass.Create) => 2,
        (['a', ..], CallClass.List) => 1,
        (_, CallClass.Create) => 3,
        (_, CallClass.Other) => 5,
        _ => null,
    };
}
