using System;
using System.IO;

namespace Interop.Sessions.Faults.Stage;

/// <summary>A file system whose writes can be made to wait: an ext4 in a file, frozen.</summary>
internal sealed class StallingDisk : IDisposable
{
    private const long Bytes = 16 * 1024 * 1024;
    private bool _isFrozen;

    internal StallingDisk(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        string image = folder + ".image";
        using (FileStream file = File.Create(image))
        {
            file.SetLength(Bytes);
        }

        Command.Run($"mkfs.ext4 -q {image}");
        Command.Run($"mount -o loop {image} {Folder}");
    }

    internal string Folder { get; }

    /// <summary>From now on, who writes waits.</summary>
    internal void Freeze()
    {
        Command.Run($"fsfreeze --freeze {Folder}");
        _isFrozen = true;
    }

    internal void Thaw()
    {
        Command.Run($"fsfreeze --unfreeze {Folder}");
        _isFrozen = false;
    }

    public void Dispose()
    {
        if (_isFrozen)
        {
            Thaw();
        }

        Command.Run($"umount {Folder}");
    }
}
