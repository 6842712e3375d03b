using System;
using System.IO;
using System.IO.MemoryMappedFiles;

namespace Interop.Sessions.Faults.Stage;

/// <summary>One session of a holder, and the clock before its lease word said yes for the last time.</summary>
internal readonly record struct Served(ulong Epoch, long LastYesNs);

/// <summary>
/// What lease_holder notes of its lease, in a file that both map: it survives the holder, and the holder writes it
/// without help. tests/native/process/witness.h has the same layout.
/// </summary>
internal sealed class Witness : IDisposable
{
    private const int MostSessions = 16;
    private const int BytesOfOne = sizeof(ulong) + sizeof(long);
    private const int BytesForReattach = 3 * sizeof(ulong);
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly HolderClock _clock;

    internal Witness(string path, HolderClock clock)
    {
        _clock = clock;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, (MostSessions * BytesOfOne) + BytesForReattach);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The holder's sessions, in order, on the true clock.</summary>
    internal Served[] Sessions
    {
        get
        {
            int count = 0;
            Served[] sessions = new Served[MostSessions];
            for (; count < MostSessions && _view.ReadUInt64(count * BytesOfOne) is > 0 and ulong epoch; count++)
            {
                long lastYesNs = _view.ReadInt64((count * BytesOfOne) + sizeof(ulong));
                sessions[count] = new Served(epoch, lastYesNs == 0 ? 0 : _clock.TrueNs(lastYesNs));
            }

            return sessions[..count];
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
