using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Carries out what the <see cref="SessionLife"/> says, as SessionFollower does with a lock and threads.</content>
internal sealed partial class SimFollower
{
    private void Do(Action<SessionLife> input) => Do(life =>
    {
        input(life);
        return true;
    });

    private T Do<T>(Func<SessionLife, T> input)
    {
        SessionLife life = _life;
        T result = input(life);
        WordEpoch = life.WordEpoch;
        WordDeadlineNs = life.WordDeadlineNs;
        if (life.HasNews)
        {
            foreach (LifeNews news in life.TakeNews(NowNs))
            {
                Show(news);
            }
        }

        foreach (LifeEffect effect in life.TakeEffects())
        {
            CarryOut(effect);
        }

        WakeUp();
        GoOnClosing();
        return result;
    }

    private void Show(LifeNews news)
    {
        switch (news)
        {
            case LifeNews.CallbackWaits:
                AfterLocal(_random.Chance(200) ? _random.Between(0, 20 * World.Ms) : 0, () => _process.WhenCollected(NextCallback));
                break;
            case LifeNews.Held held:
                _disk.SessionId = held.Granted.Key.SessionId;
                _disk.Secret = _life.Info.Secret;
                _lastTurnNs = NowNs;
                BeginItems();
                break;
            case LifeNews.Moved moved:
                World.Note($"{Name}: {moved.Info.State} epoch {moved.Info.Epoch}");
                break;
            case LifeNews.Drained drained:
                World.Note($"{Name}: drained {drained.Info.DrainReason} epoch {drained.Info.Epoch}");
                break;
            case LifeNews.Lost lost:
                World.Note($"{Name}: {SessionState.Lost} epoch {lost.Info.Epoch} {lost.Info.EndReason}");
                break;
            case LifeNews.Abandoned abandoned:
                _abandoned.Add(Identity, abandoned.Nonce, abandoned.FromNs);
                break;
            default:
                throw World.Witness.Failure($"{Name} is told {news}, and nobody has asked");
        }
    }

    private void CarryOut(LifeEffect effect)
    {
        switch (effect)
        {
            case LifeEffect.Ask ask:
                Ask((SimWish)ask.Wish);
                break;
            case LifeEffect.StopAsking stop:
                StopAsking((SimWish)stop.Wish);
                break;
            case LifeEffect.ReturnUnheld back:
                AtLocal(Math.Max(NowNs, back.EffectsOverNs), () => GiveBack(back.Key, () => Do(life => life.GivenBack(back.Wish))));
                break;
            case LifeEffect.GiveBack back:
                AtLocal(back.EffectsOverNs, () => GiveBack(back.Key, () => { }));
                break;
            case LifeEffect.NoteStillWithout note:
                World.Note($"{Name} is still without a session: {note.Failure.Status}");
                break;
            default:
                throw new ArgumentException($"nobody said how {effect} is carried out", nameof(effect));
        }
    }

    private void GoOnClosing()
    {
        while (_life.IsClosing && !_isTellingMaster)
        {
            switch (_life.NextOfClose())
            {
                case CloseStep.Wait:
                    return;
                case CloseStep.TellMaster:
                    TellMaster(_life.ToClose!.Value);
                    return;
                case CloseStep.Over:
                    OnClosed();
                    return;
                default:
                    break;
            }
        }
    }

    private void TellMaster((SessionKey Key, long EffectsOverNs) closed)
    {
        _isTellingMaster = true;
        AtLocal(closed.EffectsOverNs, () => GiveBack(closed.Key, () =>
        {
            _isTellingMaster = false;
            GoOnClosing();
        }));
    }
}
