using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Lease;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// A follower's life: answers of masters that say anything at any time, a host that refuses and closes, and time that jumps. Whatever is
/// said, the word shows no more than a master may have promised, and the host hears of a loss once, and of one thing at a time.
/// </summary>
internal sealed class LifeTarget
{
    internal static FuzzTarget Target { get; } = new("life", bytes => new LifeTarget(new ByteInput(bytes)).Run()) { MostBytes = 1500 };

    private readonly ByteInput _input;
    private readonly HolderBounds _bounds;
    private readonly SessionLife _life;
    private readonly Queue<SessionWish> _asked = new();
    private readonly HashSet<ulong> _held = [];
    private readonly HashSet<ulong> _lost = [];
    private LifeCallback? _running;
    private long _nowNs = 1_000 * Ns.PerSecond;
    private long _latestSentNs;
    private ulong _nonce;

    private LifeTarget(ByteInput input)
    {
        _input = input;
        _bounds = new HolderBounds(input.Of(0u, 100_000u, 500_000u), input.Of(0u, 100u, 1000u, uint.MaxValue));
        _life = new SessionLife(
            "s", _bounds, input.Flag() ? RecreatePolicy.AfterLoss : RecreatePolicy.Never,
            description => new SessionWish(description, TestConnections.Of(++_nonce), 1000), () => input.Fraction());
    }

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
                Expect.That(refusal.Status != SessionStatus.Internal, refusal.Message);
            }

            CarryOut();
        }
    }

    private void Do()
    {
        switch (_input.Below(14))
        {
            case 0:
                _life.Begin(new SessionWish(new ServerDescription(), TestConnections.Of(++_nonce), _input.Of(1u, 5000u, Limits.MaxTimeoutMs)));
                break;
            case 1:
                _life.Begin(new SessionWish(_input.Number(), _input.Number(), TestConnections.Of(++_nonce), 1000));
                break;
            case 2 or 3 when _asked.TryDequeue(out SessionWish? wish):
                Grant(wish);
                break;
            case 4 when _asked.TryDequeue(out SessionWish? failed):
                _life.Failed(failed, new SessionException(_input.Of(Enum.GetValues<SessionStatus>().AsSpan(1)), "no"), _nowNs);
                break;
            case 5 or 6:
                Answer();
                break;
            case 7:
                _life.ReportHealth(_input.Number32(), _nowNs);
                break;
            case 8 when _running == null:
                _running = _life.TakeCallback();
                Heard();
                break;
            case 9 or 10 when _running is { } returned:
                _running = _life.Returned(returned, HostAnswer.Of(_input.Byte() < 230), _nowNs);
                Heard();
                break;
            case 11:
                _life.AwaitLease();
                _life.WatchLease(_input.Flag() ? _life.ValidEpoch : _input.Number());
                break;
            case 12 when _input.Byte() > 240:
                _life.BeginClose();
                break;
            default:
                _life.Turn(_nowNs);
                Expect.That(_life.WordDeadlineNs == 0 || _life.WordDeadlineNs > _nowNs, "the word serves after its deadline");
                break;
        }
    }

    private void Grant(SessionWish wish)
    {
        GrantedSession granted = new()
        {
            Key = new SessionKey(1 + (ulong)_input.Below(3), _input.Number() | 1, wish.Nonce),
            MasterEpoch = _input.Number(),
            TermMs = _input.Of(200u, 10_000u, 60_000u, 0u, uint.MaxValue, Limits.MaxTermMs),
            LongestTermMs = _input.Number32(),
            ClockRateBoundPpm = _input.Number32(),
            RenewalIntervalMs = _input.Number32(),
            RenewalPhaseMs = _input.Number32(),
        };
        long sentNs = _nowNs - Math.Min(_nowNs, _input.PassingNs());
        SessionLease.RequireUsable(granted.TermMs, _bounds.Beside(granted.ClockRateBoundPpm));
        if (new SessionAsk(wish, _bounds, sentNs).Judge(granted, sentNs, _nowNs) is { } tooLate)
        {
            _life.Failed(wish, tooLate, _nowNs);
            return;
        }

        _latestSentNs = Math.Max(_latestSentNs, sentNs);
        _life.Granted(wish, granted, sentNs, _nowNs);
    }

    private void Answer()
    {
        byte which = _input.Byte();
        SessionKey key = which < 240 && _life.Held is { } held ? held : new SessionKey(_input.Number(), _input.Number(), _input.Number());
        RenewalAnswer answer = new(
            key, _input.Number(), which < 180 ? SessionStatus.Ok : (SessionStatus)_input.Of(103u, 203u, 204u, 205u, 206u, 208u, 900u, 77u),
            _input.Of(10_000u, 0u, 200u, 199u, uint.MaxValue, Limits.MaxTermMs), _input.Number32(), _input.Number32())
        {
            ClockRateBoundPpm = which % 4 == 0 ? _input.Number32() : 0,
        };
        long sentNs = _nowNs - Math.Min(_nowNs, _input.PassingNs());
        _latestSentNs = Math.Max(_latestSentNs, sentNs);
        _life.Answered(answer, sentNs);
    }

    private void CarryOut()
    {
        long most = LeaseArithmetic.HolderDeadlineNs(_latestSentNs, Limits.MaxTermMs, 0, 0);
        Expect.That(_life.WordDeadlineNs <= most, $"the word serves until {_life.WordDeadlineNs}, and no master promises more than {most}");
        Expect.That(_life.NextWakeNs >= 0, $"the next turn is at {_life.NextWakeNs}");
        foreach (LifeNews news in _life.TakeNews(_nowNs))
        {
            if (news is LifeNews.Lost lost)
            {
                Expect.That(_life.WordDeadlineNs == 0 || _life.WordEpoch != lost.Info.Epoch, "the word serves under what is lost");
            }
        }

        foreach (LifeEffect effect in _life.TakeEffects())
        {
            if (effect is LifeEffect.Ask ask)
            {
                _asked.Enqueue(ask.Wish);
            }
            else if (effect is LifeEffect.ReturnUnheld unheld)
            {
                _life.GivenBack(unheld.Wish);
            }
        }

        if (_life.IsClosing)
        {
            _life.NextOfClose();
        }
    }

    private void Heard()
    {
        if (_running is not { } callback)
        {
            return;
        }

        if (callback.Kind == LifeCallbackKind.Created)
        {
            Expect.That(_held.SetEquals(_lost), "a session begins before the host has heard that the last is lost");
            _held.Clear();
            _lost.Clear();
            _held.Add(callback.Info.Epoch);
        }
        else if (callback.Kind == LifeCallbackKind.Lost)
        {
            Expect.That(_held.Contains(callback.Info.Epoch) && _lost.Add(callback.Info.Epoch), "a loss is told twice, or of what never began");
        }
    }
}
