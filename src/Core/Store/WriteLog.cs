using System.Collections.Immutable;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>
/// The answers to the numbered writes that a session's connection has not finished with, so that a copy of a write is answered
/// and not carried out again. Immutable: a batch that is undone puts the former one back.
/// </summary>
/// <param name="FirstUnfinished">A lower number is a copy for which no caller waits.</param>
/// <param name="Answers">By number, in order; few: what a holder has in progress.</param>
public sealed record WriteLog(ulong FirstUnfinished, ImmutableArray<WriteAnswer> Answers)
{
    /// <summary>Of a connection that has written nothing.</summary>
    public static WriteLog Empty { get; } = new(0, []);

    /// <summary>The answer to the write of a number, or null.</summary>
    public WriteAnswer? Find(ulong number)
    {
        foreach (WriteAnswer answer in Answers)
        {
            if (answer.Number == number)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>The same with the holder's word of what it has finished with.</summary>
    public WriteLog Finish(ulong firstUnfinished) => firstUnfinished <= FirstUnfinished
        ? this
        : new WriteLog(firstUnfinished, Answers.RemoveAll(answer => answer.Number < firstUnfinished));

    /// <summary>The same with one more answer.</summary>
    public WriteLog With(WriteAnswer answer)
    {
        int at = Answers.Length;
        while (at > 0 && Answers[at - 1].Number > answer.Number)
        {
            at--;
        }

        return this with { Answers = Answers.Insert(at, answer) };
    }

    /// <summary>What the store keeps: of a refusal its status only.</summary>
    public WriteLog Durable() => this with { Answers = [.. Answers.Select(answer => answer.Durable())] };
}

/// <summary>How a numbered write was answered.</summary>
/// <param name="Number">Which.</param>
/// <param name="Revision">Of the change that it made.</param>
/// <param name="Refusal">Why it made none; null: it did.</param>
public sealed record WriteAnswer(ulong Number, ulong Revision, SessionException? Refusal = null)
{
    /// <summary>No change has so high a revision: instead of one, the status of a refusal is stored.</summary>
    private const ulong RefusedBit = 1UL << 63;

    /// <summary>
    /// Why it made no change, in the words of this leadership or of an earlier one; null: it did. A copy may come when the same
    /// process leads again, and then the reason to refuse it may be gone.
    /// </summary>
    internal SessionException? Refused => Refusal ?? ((Revision & RefusedBit) == 0 ? null : new SessionException(
        (SessionStatus)(Revision & ~RefusedBit), $"write {Number} was refused when it was first asked for"));

    /// <summary>Is it what a store keeps of a refusal, of a status that there is?</summary>
    internal bool IsStoredRefusal =>
        (Revision & RefusedBit) != 0 && (Revision & ~RefusedBit) is > 0 and <= int.MaxValue;

    internal WriteAnswer Durable() => Refusal == null ? this : new WriteAnswer(Number, RefusedBit | (ulong)Refusal.Status);
}
