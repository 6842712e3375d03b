using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// What waits for the store's one writer, in order. A store that stalls fills this queue, so it is bounded in number and in
/// bytes; an operation for which no caller waits any more leaves the queue at once, undecided, and gives its room back.
/// </summary>
/// <remarks>The caller keeps calls from overlapping.</remarks>
/// <typeparam name="T">An operation.</typeparam>
/// <param name="mostTaken">In one batch.</param>
public sealed class WaitingOperations<T>(int mostTaken = Limits.MaxOperationsPerCommit)
{
    private readonly LinkedList<Place> _places = [];
    private long _takenBytes;

    /// <summary>How many wait.</summary>
    public int Count => _places.Count;

    /// <summary>How many were taken and are not done yet.</summary>
    public int Taken { get; private set; }

    /// <summary>The bytes of what waits, and of what was taken and is not done yet: they are in memory all the same.</summary>
    public long Bytes { get; private set; }

    /// <summary>Puts an operation behind the others.</summary>
    /// <param name="operation">What waits.</param>
    /// <param name="bytes">Of the value that it brings.</param>
    /// <param name="isBounded">
    /// False: the operation is never refused. That is for operations that are bounded otherwise, and must not be kept out by
    /// what others write.
    /// </param>
    /// <exception cref="SessionException">Overloaded: it is full.</exception>
    public Place Add(T operation, long bytes, bool isBounded = true)
    {
        if (isBounded && Count >= Limits.MaxWaitingOperations)
        {
            throw Full($"{Count} operations wait for it");
        }

        if (isBounded && bytes > 0 && Bytes + bytes > Limits.MaxWaitingBytes)
        {
            throw Full($"{Bytes} bytes of values wait for it, of {Limits.MaxWaitingBytes} that may");
        }

        Place place = new(operation, bytes);
        place.Node = _places.AddLast(place);
        Bytes += bytes;
        return place;
    }

    /// <summary>No caller waits for the operation any more. False: it was taken before.</summary>
    public bool Drop(Place place)
    {
        if (place.Node == null)
        {
            return false;
        }

        Leave(place);
        Bytes -= place.Bytes;
        return true;
    }

    /// <summary>Takes the first ones, a batch at most; <see cref="Done"/> gives their room back.</summary>
    public void Take(ICollection<T> batch)
    {
        while (batch.Count < mostTaken && _places.First is { } first)
        {
            Leave(first.Value);
            _takenBytes += first.Value.Bytes;
            batch.Add(first.Value.Operation);
            Taken++;
        }
    }

    /// <summary>What was taken is decided and answered.</summary>
    public void Done()
    {
        Taken = 0;
        Bytes -= _takenBytes;
        _takenBytes = 0;
    }

    private void Leave(Place place)
    {
        _places.Remove(place.Node!);
        place.Node = null;
    }

    private static SessionException Full(string what) =>
        SessionException.Overloaded($"the store is behind: {what}", Limits.QueueRetryMs);

    /// <summary>Where an operation waits.</summary>
    public sealed class Place
    {
        internal Place(T operation, long bytes)
        {
            Operation = operation;
            Bytes = bytes;
        }

        /// <summary>What waits.</summary>
        public T Operation { get; }

        internal long Bytes { get; }

        /// <summary>Null: the operation no longer waits.</summary>
        internal LinkedListNode<Place>? Node { get; set; }
    }
}
