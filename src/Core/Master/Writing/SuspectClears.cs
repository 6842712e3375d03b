using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Renewals of suspects, which are answered when the store has forgotten the mark. However often a holder renews meanwhile, no
/// session has more than one change waiting for it; so such a change is not refused for what others write.
/// </summary>
/// <remarks>The caller keeps calls from overlapping.</remarks>
/// <typeparam name="T">What the renewals of one change wait with for its outcome.</typeparam>
public sealed class SuspectClears<T>
    where T : class
{
    private readonly Dictionary<SessionKey, SuspectClear<T>> _waiting = [];

    /// <summary>The change that a renewal waits for.</summary>
    /// <param name="key">Of the suspect.</param>
    /// <param name="isNew">The change is to be given to the writer, which is to run <see cref="Decide"/>.</param>
    public SuspectClear<T> For(SessionKey key, out bool isNew)
    {
        isNew = !_waiting.TryGetValue(key, out SuspectClear<T>? clear);
        return isNew ? _waiting[key] = new SuspectClear<T>(key) : clear!;
    }

    /// <summary>
    /// The writer's turn. A change that is decided may be of an earlier mark, so no further renewal waits for that change. One that is
    /// decided again, after a batch that failed, leaves the change alone that waits by then.
    /// </summary>
    /// <exception cref="SessionException">As <see cref="SessionTable.ClearSuspect"/>.</exception>
    public void Decide(SuspectClear<T> clear, SessionTable table)
    {
        Forget(clear);
        table.ClearSuspect(clear.Key);
    }

    /// <summary>The change was given up before it was the writer's turn.</summary>
    public void Forget(SuspectClear<T> clear)
    {
        if (_waiting.GetValueOrDefault(clear.Key) == clear)
        {
            _waiting.Remove(clear.Key);
        }
    }
}

/// <summary>What is the same of all of them.</summary>
public static class SuspectClears
{
    /// <summary>As <see cref="WaitingOperations{T}.Add"/> wants to know it: there is one for each session.</summary>
    public const bool IsBounded = false;
}

/// <summary>A change that forgets the mark of one suspect.</summary>
/// <param name="key">Whose.</param>
/// <typeparam name="T">As of <see cref="SuspectClears{T}"/>.</typeparam>
public sealed class SuspectClear<T>(SessionKey key)
    where T : class
{
    /// <summary>Whose.</summary>
    public SessionKey Key => key;

    /// <summary>What its renewals wait with; set with the first of them.</summary>
    public T? Waits { get; set; }
}
