using System;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Faults.Stage;

/// <summary>A disk of a megabyte, which is soon full.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly string _ballast;

    internal TinyDisk(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Command.Run($"mount -t tmpfs -o size=1m tmpfs {Folder}");
        _ballast = Path.Combine(Folder, "ballast");
    }

    internal string Folder { get; }

    /// <summary>How long the store's log is, written to its end or not.</summary>
    internal long LogBytes => Directory.GetFiles(Folder, "*-wal").Sum(path => new FileInfo(path).Length);

    /// <summary>Takes all the space that is left.</summary>
    internal void Fill()
    {
        using FileStream file = new(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[Environment.SystemPageSize];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    internal void Free() => File.Delete(_ballast);

    public void Dispose() => Command.Run($"umount {Folder}");
}
