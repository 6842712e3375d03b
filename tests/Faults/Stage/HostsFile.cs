using System;

namespace Interop.Sessions.Faults.Stage;

/// <summary>Another file in the place of /etc/hosts, inside the mount namespace of this program.</summary>
internal sealed class HostsFile : IDisposable
{
    internal HostsFile(string path) => Command.Run($"mount --bind {path} /etc/hosts");

    public void Dispose() => Command.Run("umount -l /etc/hosts");
}
