using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Protocol;

/// <summary>
/// What a thread of the product's own does with what no code of it expected: it tells, and goes on. Telling throws nothing, whatever a log
/// does and however short memory is, since behind a last catch there is no other.
/// </summary>
public static partial class LastCatch
{
    /// <summary>One for each log, whoever writes to it: a thread that fails in each round would fill it. It goes when the log goes.</summary>
    private static readonly ConditionalWeakTable<object, LogBudgets> s_budgets = new();

    /// <summary>Tells a log what a thread met, or counts it, where it has told enough of that thread.</summary>
    /// <param name="logger">Where it goes.</param>
    /// <param name="thread">By the name that operators see.</param>
    /// <param name="unexpected">What it met.</param>
    public static void Tell(ILogger logger, string thread, Exception unexpected)
    {
        try
        {
            if (MayTell(logger, thread, out int leftOut))
            {
                NoteUnexpected(logger, thread, leftOut, unexpected);
            }
        }
        catch (Exception)
        {
            // The log itself may have thrown, or there is no memory for the line.
        }
    }

    /// <summary>As <see cref="Tell(ILogger, string, Exception)"/>, of whichever thread calls it: for what knows no log.</summary>
    public static Action<Exception> To(ILogger logger) =>
        unexpected => Tell(logger, Thread.CurrentThread.Name ?? "", unexpected);

    /// <summary>
    /// May a line be written of what a thread met? If so, how many were left out since the last. It takes memory, and so may throw.
    /// </summary>
    /// <param name="log">Whose lines are counted.</param>
    /// <param name="thread">Which, and whose.</param>
    /// <param name="leftOut">Since the last.</param>
    public static bool MayTell(object log, string thread, out int leftOut) =>
        s_budgets.GetValue(log, static _ => new LogBudgets()).TrySpend(thread, out leftOut);

    /// <summary>
    /// Ends what somebody waits for who waits for nothing else: where memory is missing for that, it is tried again after a pause.
    /// </summary>
    /// <param name="waited">Whose waiters go on by themselves, not on this thread.</param>
    /// <param name="result">What they get.</param>
    /// <param name="failure">What they get instead; null: the result.</param>
    public static void EndAtLast<T>(this TaskCompletionSource<T> waited, T result, Exception? failure)
    {
        ArgumentNullException.ThrowIfNull(waited);
        while (!IsEnded(waited, result, failure))
        {
            BootTime.Pause();
        }
    }

    /// <summary>
    /// One round after the other, until one says that it was the last. What a round throws is told, and the next one comes after a pause, as
    /// it may throw the same: a thread that fails for good takes no processor for it.
    /// </summary>
    internal static void Rounds(Func<bool> round, Action<Exception> unexpected)
    {
        bool goesOn = true;
        while (goesOn)
        {
            try
            {
                goesOn = round();
            }
            catch (Exception error)
            {
                Tell(unexpected, error);
                BootTime.Pause();
            }
        }
    }

    private static void Tell(Action<Exception> unexpected, Exception error)
    {
        try
        {
            unexpected(error);
        }
        catch (Exception)
        {
            // Whoever is told is the owner's, and may throw; nobody else is left to tell.
        }
    }

    private static bool IsEnded<T>(TaskCompletionSource<T> waited, T result, Exception? failure)
    {
        try
        {
            _ = failure == null ? waited.TrySetResult(result) : waited.TryFail(failure);
            return true;
        }
        catch (Exception)
        {
            // No memory; what has ended all the same says so the next time.
            return false;
        }
    }

    [LoggerMessage(1047, LogLevel.Critical, "thread {Thread} met what nobody expected ({LeftOut} such lines left out)")]
    private static partial void NoteUnexpected(ILogger logger, string thread, int leftOut, Exception error);
}
