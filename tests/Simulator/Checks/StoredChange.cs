using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>
/// One change that a store has taken and that watches are told of, in the words of its event, and the one after it. A copy of a store that
/// is put back goes on behind the change that it had last.
/// </summary>
internal sealed class StoredChange(string text)
{
    internal string Text => text;

    internal StoredChange? Next { get; private set; }

    /// <summary>A part of a commit is about to be applied; what comes after it follows what is given.</summary>
    internal StoredChange Then(StoreChange part, StoreContent content)
    {
        if (TextOf(part, content) is not { } said)
        {
            return this;
        }

        Next = new StoredChange(said);
        return Next;
    }

    internal static string TextOf(SessionEvent said) => said.Kind switch
    {
        SessionEventKind.ItemSet => $"ItemSet {said.SessionId:x} {said.Item!.Key} {said.Item.Revision}",
        SessionEventKind.ItemRemoved => $"ItemRemoved {said.SessionId:x} {said.Item!.Key}",
        SessionEventKind.Assigned or SessionEventKind.Released => $"{said.Kind} {said.SessionId:x} {said.ObjectName}",
        SessionEventKind.Changed => $"Changed {said.SessionId:x} {(said.Flags & SessionFlags.Revoking) != 0}",
        _ => $"{said.Kind} {said.SessionId:x}",
    };

    /// <summary>A copy of a store whose last change it is has been put back: what came after it has not happened.</summary>
    internal void IsLast() => Next = null;

    /// <summary>What is said of it; null: nothing.</summary>
    private static string? TextOf(StoreChange part, StoreContent content) => part switch
    {
        StoreChange.PutSession put when !content.Sessions.TryGetValue(put.Key.SessionId, out StoredSession? _) =>
            $"Created {put.Key.SessionId:x}",
        // The mark of a suspect alone is nobody's business.
        StoreChange.PutSession put when content.Sessions[put.Key.SessionId].Put is { } stored &&
            (stored.Key, stored.IsRevoked) != (put.Key, put.IsRevoked) => $"Changed {put.Key.SessionId:x} {put.IsRevoked}",
        StoreChange.RemoveSession remove => $"Ended {remove.SessionId:x}",
        StoreChange.PutItem put => $"ItemSet {put.SessionId:x} {put.Key} {put.Revision}",
        StoreChange.RemoveItem remove => $"ItemRemoved {remove.SessionId:x} {remove.Key}",
        StoreChange.PutAssignment put => $"Assigned {put.SessionId:x} {put.ObjectName}",
        StoreChange.RemoveAssignment remove => $"Released {remove.SessionId:x} {remove.ObjectName}",
        StoreChange.PutDrain put => TextOfDrained(put.Drain.Identity, content),
        StoreChange.RemoveDrain remove => TextOfDrained(remove.Identity, content),
        _ => null,
    };

    private static string? TextOfDrained(string identity, StoreContent content) =>
        content.Sessions.Values.FirstOrDefault(stored => stored.Put.Description.Identity == identity) is { } holder
            ? $"Changed {holder.Put.Key.SessionId:x} {holder.Put.IsRevoked}"
            : null;
}
