using System;
using System.ComponentModel;
using System.Threading;
using Interop.Sessions.Store;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// Knows what a master's own last write left behind, and finds out when that is no longer there: from then on the store is lost
/// for good. One thread writes; any may look.
/// </summary>
internal sealed class StoreWatch(StoreFile file, ILogger logger)
{
    private volatile StoreSight? _noted;
    private volatile string? _loss;
    /// <summary>Odd while the master writes.</summary>
    private int _writes;

    /// <summary>What was found; null: all is well, as far as was seen.</summary>
    internal string? Loss => _loss;

    /// <summary>Is what was written to both files still there as it was, wherever the files are now?</summary>
    internal (bool IsFileOwn, bool IsLogOwn) Content()
    {
        StoreSight now = file.Look();
        return _noted is not { } noted ? (false, false) : (
            now.Held.IsUnchanged(noted.Held),
            now.Log is { } log && noted.Log is { } own && log.IsUnchanged(own));
    }

    /// <summary>What is there when the master has opened it.</summary>
    internal void NoteBeginning() => _noted = file.Look();

    /// <summary>The master begins to write.</summary>
    /// <exception cref="SessionException">NotLeader: the store was lost before, so nothing is written.</exception>
    internal void BeginWriting()
    {
        string? blindness = Look();
        if (_loss != null)
        {
            throw new SessionException(SessionStatus.NotLeader, Text);
        }

        if (blindness != null)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"store '{file.Path}' cannot be seen: {blindness}");
        }

        Interlocked.Increment(ref _writes);
    }

    /// <summary>What is there now is the master's own.</summary>
    internal void EndWriting()
    {
        try
        {
            StoreSight now = file.Look();
            if (_noted is { } noted && now.LossSince(noted, isWriting: true) is { } loss)
            {
                Lose(loss);
            }

            _noted = now;
        }
        catch (Win32Exception error)
        {
            // Nobody can tell where that went, nor compare with it later.
            Lose($"it cannot be seen after a write: {error.Message}");
        }
        finally
        {
            Interlocked.Increment(ref _writes);
        }
    }

    /// <summary>What was written may be in a file that no master will ever open again.</summary>
    /// <exception cref="SessionException">TimedOut, with an unknown outcome.</exception>
    internal void RequireKept()
    {
        if (_loss != null)
        {
            throw new SessionException(SessionStatus.TimedOut, $"the outcome is not known: {Text}")
            {
                IsOutcomeUnknown = true,
            };
        }
    }

    /// <summary>Compares what is there with what was noted. Says why it cannot; null: it did.</summary>
    internal string? Look()
    {
        int before = Volatile.Read(ref _writes);
        StoreSight? noted = _noted;
        if (noted == null || _loss != null)
        {
            return null;
        }

        try
        {
            StoreSight now = file.Look();
            bool isWriting = before % 2 != 0 || Volatile.Read(ref _writes) != before;
            if (now.LossSince(noted, isWriting) is { } loss)
            {
                Lose(loss);
            }

            return null;
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
        catch (ObjectDisposedException)
        {
            return "it is closed";
        }
    }

    private string Text => $"store '{file.Path}' is not this master's any more: {_loss}";

    private void Lose(string loss)
    {
        if (Interlocked.CompareExchange(ref _loss, loss, null) == null)
        {
            MasterLog.StoreLost(logger, file.Path, loss);
        }
    }
}
