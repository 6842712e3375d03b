using System;
using System.Diagnostics;

namespace Interop.Sessions.Master;

/// <content>The way of a batch: its writes together, or each alone, the dead, and what only looks.</content>
public sealed partial class WritePath
{

    /// <summary>The next write that is tried alone; at the end of them: none is.</summary>
    private int _alone;
    private SessionException? _lastAlone;
    private int _nextRead;
    private long _nextExpiryNs;
    private int _due;
    private bool _moreIsDue;
    private bool _strangerIsNoted;

    /// <summary>Goes on until there is I/O to do, or nothing.</summary>
    private WriteStep Go(long nowNs)
    {
        while (_stage != Stage.Idle)
        {
            switch (_stage)
            {
                case Stage.Together when _writes.Length > 0:
                    Array.ForEach(_writes, write => write.Decide(table));
                    break;
                case Stage.Alone:
                    _writes[_alone].Decide(table);
                    break;
                case Stage.Expiry when IsTimeToExpire(nowNs):
                    _due = table.Expire(nowNs, mostExpiries) + table.MoveObjects(nowNs);
                    _moreIsDue = table.MoreIsDue;
                    break;
                case Stage.Reads when TryAnswerRead(nowNs):
                    return WriteStep.Again;
                default:
                    _stage = Following();
                    continue;
            }

            if (HandOut())
            {
                return WriteStep.Commit;
            }

            // Nothing has changed: what was decided is a refusal, or was so before.
            AcceptChanges();
            Finish(failure: null, nowNs);
        }

        return WriteStep.Wait;
    }

    private WriteStep Conclude(SessionException? failure, long nowNs)
    {
        Finish(failure, nowNs);
        return Go(nowNs);
    }

    private bool HandOut()
    {
        Changes = [.. table.Changes];
        Revision = table.Revision;
        _ending = [.. table.Ended];
        Debug.Assert(
            ChangeRules.FaultOf(Changes, table.DurableRevision, Revision) == null, "no store may be given that",
            ChangeRules.FaultOf(Changes, table.DurableRevision, Revision));
        return Changes.Count > 0;
    }

    // What was decided at this stage is settled.
    private void Finish(SessionException? failure, long nowNs)
    {
        switch (_stage)
        {
            case Stage.Together:
                FinishTogether(failure);
                break;
            case Stage.Alone:
                FinishAlone(failure);
                break;
            default:
                FinishExpiry(failure, nowNs);
                break;
        }
    }

    private void FinishTogether(SessionException? failure)
    {
        if (failure == null)
        {
            Array.ForEach(_writes, Answer);
        }
        else
        {
            _effects.Add(new WriteEffect.NoteFailure(_writes.Length, failure));
            if (_writes.Length > 1 && !IsOver)
            {
                // One change that does not fit must not take the others down with it.
                _alone = 0;
                _lastAlone = null;
                _stage = Stage.Alone;
                return;
            }

            RefuseFrom(0, ToldOf(failure));
        }

        _stage = Following();
    }

    private void FinishAlone(SessionException? failure)
    {
        TableOperation write = _writes[_alone++];
        if (failure == null)
        {
            Answer(write);
        }
        else
        {
            _effects.Add(new WriteEffect.NoteFailure(1, failure));
            Refuse(write, ToldOf(failure));
        }

        // Where the store fails anyhow, no caller waits for it to fail with each operation.
        bool isAgain = failure != null && failure.Status == _lastAlone?.Status && failure.Message == _lastAlone.Message;
        if (isAgain || IsOver)
        {
            RefuseFrom(_alone, IsOver ? NotLeader() : failure!);
            _alone = _writes.Length;
            _stage = Stage.Reads;
            return;
        }

        // The dead are looked for meanwhile.
        _lastAlone = failure;
        _stage = Stage.Expiry;
    }

    private void FinishExpiry(SessionException? failure, long nowNs)
    {
        if (failure != null)
        {
            _effects.Add(new WriteEffect.NoteFailure(_due, failure));
            _moreIsDue = false;
            _nextExpiryNs = nowNs + Ns.FromMs(Limits.ExpiryRetryMs);
        }
        else if (!_moreIsDue)
        {
            _nextExpiryNs = nowNs + Ns.FromMs(Limits.ExpiryTickMs);
        }

        if (IsOver && _alone < _writes.Length)
        {
            // The dead were looked for between two writes that are tried alone, and nobody knows what the store has taken of that.
            RefuseFrom(_alone, NotLeader());
            _alone = _writes.Length;
        }

        _stage = Following();
    }

    private void RefuseFrom(int first, SessionException failure)
    {
        foreach (TableOperation write in _writes.AsSpan(first))
        {
            Refuse(write, failure);
        }
    }

    private bool TryAnswerRead(long nowNs)
    {
        while (_nextRead < _batch.Count && !_batch[_nextRead].IsRead)
        {
            _nextRead++;
        }

        if (_nextRead == _batch.Count)
        {
            return false;
        }

        TableOperation read = _batch[_nextRead++];
        if (IsOver || !standing.MayAct(nowNs))
        {
            Refuse(read, NotLeader());
        }
        else
        {
            read.Decide(table);
            Answer(read);
        }

        return true;
    }

    private Stage Following() => _stage switch
    {
        Stage.Together => Stage.Reads,
        Stage.Reads => Stage.Expiry,
        Stage.Expiry when _alone < _writes.Length => Stage.Alone,
        Stage.Expiry when _nextRead < _batch.Count => Stage.Reads,
        _ => Stage.Idle,
    };

    private bool IsTimeToExpire(long nowNs)
    {
        _moreIsDue = false;
        if (IsOver || nowNs < _nextExpiryNs || !standing.MayExpire(nowNs))
        {
            return false;
        }

        // Found by a renewal or a call; told here, once.
        if (!_strangerIsNoted && table.Stranger is { } stranger)
        {
            _strangerIsNoted = true;
            _effects.Add(new WriteEffect.NoteStranger(stranger));
        }

        return true;
    }
}
