using System;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Master.Server.Listening;

/// <summary>Who is at the other end of a Unix socket, as the kernel has noted when it was connected (SO_PEERCRED of unix(7)).</summary>
/// <param name="Process">Its number; 0: it has none in this master's name space.</param>
/// <param name="User">The number of its user.</param>
internal readonly record struct PeerCredentials(int Process, uint User)
{
    private const int SocketLevel = 1;
    private const int PeerCredential = 17;
    private const int ProcessAndUserAndGroup = 12;

    /// <summary>Null: it is no Unix socket.</summary>
    /// <exception cref="SocketException">The kernel does not say it.</exception>
    internal static PeerCredentials? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[ProcessAndUserAndGroup];
        int read = socket.GetRawSocketOption(SocketLevel, PeerCredential, credentials);
        return read == ProcessAndUserAndGroup
            ? new PeerCredentials(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[sizeof(int)..]))
            : throw new SocketException((int)SocketError.OperationNotSupported);
    }

    /// <summary>For people, in the place of an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"unix:uid:{User},pid:{Process}");
}
