using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Answers to renewals of suspects on one stream, which wait until the store has forgotten a mark. Of each session only the latest renewal
/// is answered: however often a holder renews while a disk stalls, no more waits for it.
/// </summary>
/// <remarks>The caller keeps calls from overlapping.</remarks>
/// <typeparam name="TChange">
/// The change that forgets a mark. One that is decided already may be of an earlier mark than that which a later renewal has met.
/// </typeparam>
/// <typeparam name="TBatch">The message that asked.</typeparam>
public sealed class SuspectAnswers<TChange, TBatch>
    where TChange : class
    where TBatch : class
{
    private readonly Dictionary<ulong, Waiting> _waiting = [];
    private readonly Dictionary<TBatch, List<AnsweredRenewal>> _ready = [];

    /// <summary>How many sessions wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>A renewal waits for a change, in the place of an earlier one of its session.</summary>
    /// <param name="change">Which forgets the mark that the renewal has met.</param>
    /// <param name="batch">Which asked.</param>
    /// <param name="answer">When that is done.</param>
    /// <returns>True: <see cref="Done"/> is to be called when the change has ended. False: somebody is about to, or there is no place.</returns>
    public bool Add(TChange change, TBatch batch, AnsweredRenewal answer)
    {
        ulong sessionId = answer.Key.SessionId;
        bool isKnown = _waiting.TryGetValue(sessionId, out Waiting former);
        if (!isKnown && _waiting.Count == Limits.MaxSuspectsPerStream)
        {
            Add(batch, answer.Behind(SessionStatus.Overloaded));
            return false;
        }

        _waiting[sessionId] = new Waiting(change, batch, answer);
        return !isKnown || former.Change != change;
    }

    /// <summary>A change has ended; it answers nobody whose renewal waits for a later one.</summary>
    /// <param name="sessionId">Whose mark it was to forget.</param>
    /// <param name="change">Which.</param>
    /// <param name="status">Ok, or why the mark is not forgotten.</param>
    public void Done(ulong sessionId, TChange change, SessionStatus status)
    {
        if (_waiting.TryGetValue(sessionId, out Waiting waiting) && waiting.Change == change)
        {
            _waiting.Remove(sessionId);
            Add(waiting.Batch, waiting.Answer.Behind(status));
        }
    }

    /// <summary>What can be answered, by the message that asked.</summary>
    public IReadOnlyCollection<KeyValuePair<TBatch, List<AnsweredRenewal>>> TakeReady()
    {
        KeyValuePair<TBatch, List<AnsweredRenewal>>[] ready = [.. _ready];
        _ready.Clear();
        return ready;
    }

    private void Add(TBatch batch, AnsweredRenewal answer)
    {
        if (!_ready.TryGetValue(batch, out List<AnsweredRenewal>? answers))
        {
            _ready.Add(batch, answers = []);
        }

        answers.Add(answer);
    }

    private readonly record struct Waiting(TChange Change, TBatch Batch, AnsweredRenewal Answer);
}
