using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Fuzz.Engine;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// The renewals of a process, over lines that break, get stuck and bring anything: an answer is taken once, and s is that of its batch.
/// </summary>
internal sealed class RenewalsTarget
{
    internal static FuzzTarget Target { get; } = new("renewals", bytes => new RenewalsTarget(new ByteInput(bytes)).Run()) { MostBytes = 1000 };

    private readonly ByteInput _input;
    private readonly RenewalBook _book = new();
    private readonly List<(RenewalLine Line, RenewalBatch Batch)> _sent = [];
    private readonly HashSet<(RenewalLine, ulong, ulong)> _answered = [];
    private long _nowNs = Ns.PerSecond;

    private RenewalsTarget(ByteInput input) => _input = input;

    private void Run()
    {
        while (!_input.IsOver)
        {
            _nowNs += _input.PassingNs();
            switch (_input.Below(8))
            {
                case 0 or 1 or 2:
                    _book.Ask(new PendingRenewal(Key(), _input.Of(25u, 1000u, Limits.MaxTermMs, 1u), _nowNs, _nowNs + _input.PassingNs())
                    {
                        IsInquiry = _input.Flag(),
                        Health = _input.Byte() < 200 ? null : new HostHealth { UntilNs = _nowNs + _input.PassingNs() },
                    });
                    break;
                case 3 when _sent.Count > 0:
                    Reply();
                    break;
                case 4 when _sent.Count > 0:
                    Harm(_sent[^1].Line);
                    break;
                default:
                    Step();
                    break;
            }
        }
    }

    private SessionKey Key() => new(1 + (ulong)_input.Below(4), 1, 1 + (ulong)_input.Below(2));

    private void Harm(RenewalLine line)
    {
        switch (_input.Below(3))
        {
            case 0:
                line.Stuck();
                break;
            case 1:
                line.Broke(new SessionException(SessionStatus.NoMaster, "it broke"));
                break;
            default:
                _book.SenderFailed(new SessionException(SessionStatus.Internal, "it fell"));
                break;
        }
    }

    private void Step()
    {
        for (int steps = 0; ; steps++)
        {
            Expect.That(steps < 200, "the sender has no end");
            RenewalStep step = _book.Next(_nowNs);
            switch (step.Kind)
            {
                case RenewalStepKind.Wait:
                    Expect.That(step.UntilNs > _nowNs, "the sender turns without a pause");
                    return;
                case RenewalStepKind.Turn:
                    _book.TurnTo(_input.Name("m", 5), out _);
                    break;
                case RenewalStepKind.Send:
                    Sent(step);
                    break;
                case RenewalStepKind.Leave:
                    _book.MovedOn(
                        step.Report!, _input.Of(NextMaster.Untried, NextMaster.AllTried, NextMaster.Same, NextMaster.Hinted), _nowNs,
                        _input.Fraction());
                    break;
                default:
                    break;
            }
        }
    }

    private void Sent(RenewalStep step)
    {
        RenewalBatch batch = step.Batch!;
        Expect.Same(_nowNs, batch.SentNs, "s");
        Expect.That(batch.Renewals.Count is > 0 and <= Limits.MaxRenewalsPerMessage, $"a message has {batch.Renewals.Count} renewals");
        _sent.Add((step.Line!, batch));
        if (_input.Flag())
        {
            batch.Written(_nowNs + _input.PassingNs());
        }
    }

    private void Reply()
    {
        (RenewalLine line, RenewalBatch batch) = _sent[_input.Below(_sent.Count)];
        ulong id = _input.Byte() < 220 ? batch.Id : _input.Number();
        List<RenewalAnswer> answers = [.. Enumerable.Range(0, _input.Below(4)).Select(_ => new RenewalAnswer(
            Key(), _input.Number(), (SessionStatus)_input.Of(0u, 0u, 103u, 204u, 900u), _input.Number32()))];
        TakenReply taken = _book.Reply(line, id, answers, _input.Text(), _nowNs);
        foreach (RenewalAnswer answer in answers)
        {
            Expect.That(_answered.Add((line, id, answer.Key.SessionId)), "a renewal is answered twice");
            Expect.Same(_sent.First(sent => sent.Line == line && sent.Batch.Id == id).Batch.SentNs, taken.SentNs, "s of an answer");
        }
    }
}
