using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Master.Server.Listening;

/// <summary>
/// The file of a Unix socket: a name that outlives whoever was killed. What is dead is replaced, what lives or is no socket is not.
/// The file goes with its socket: .NET removes it as the socket is disposed.
/// </summary>
internal static partial class UnixSocketFile
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const int CurrentDirectory = -100;
    private const int NotThroughLinks = 0x100;
    private const uint TypeField = 1;
    private const int StatusBytes = 256;
    private const int ModeAt = 28;
    private const int FileTypeMask = 0xf000;
    private const int SocketType = 0xc000;
    private const int ReadAndCloseOnExec = 0x80000; // O_RDONLY | O_CLOEXEC, of all processors; O_DIRECTORY is not
    private const int ExclusiveAndAtOnce = 6; // LOCK_EX | LOCK_NB
    private const int WouldBlock = 11;

    /// <summary>A bound socket that does not listen yet, at a file that its owner and its group may connect to.</summary>
    /// <param name="path">From the root.</param>
    /// <exception cref="SessionException">AddressInUse, AddressUnusable: something else is there. OutOfResources.</exception>
    internal static Socket Bind(string path)
    {
        // Of two that find a dead one, the second must not remove what the first has made in its place.
        using SafeFileHandle directory = LockDirectoryOf(path);
        RemoveDead(path);
        Socket socket = new(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Whatever the umask is. Nobody can connect before it listens.
            return ChangeMode(path, OwnerAndGroup) == 0
                ? socket
                : throw Unusable(path, $"its mode cannot be set: {Marshal.GetLastPInvokeErrorMessage()}", null);
        }
        catch (SocketException error) when (!Directory.Exists(DirectoryOf(path)))
        {
            socket.Dispose();
            throw Unusable(path, $"there is no directory {DirectoryOf(path)}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveDead(string path)
    {
        if (TypeOf(path) is not { } type)
        {
            return;
        }

        if (type != SocketType)
        {
            throw Unusable(path, "a file is there that is no socket; it is left as it is", null);
        }

        using Socket probe = new(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        // Whoever lives and accepts nothing shall not hold up the start.
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Remove(path);
            return;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            throw Unusable(path, $"a socket is there, and this process may not ask whether it is in use: {error.Message}", error);
        }
        catch (SocketException)
        {
            // Whoever has it has no time for another, or speaks otherwise.
        }

        throw new SessionException(SessionStatus.AddressInUse, $"unix_socket {path} is in use: a process listens there");
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"the socket of a process that has ended is there, and cannot be removed: {error.Message}", error);
        }
    }

    private static SessionException Unusable(string path, string why, Exception? error) =>
        new(SessionStatus.AddressUnusable, $"unix_socket {path} cannot be bound: {why}", error);

    /// <summary>Null: there is nothing, or nobody can tell, and bind says why.</summary>
    private static int? TypeOf(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        return GetStatus(CurrentDirectory, path, NotThroughLinks, TypeField, status) == 0
            ? MemoryMarshal.Read<ushort>(status[ModeAt..]) & FileTypeMask
            : null;
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path)!;

    /// <summary>Goes on without where the file system knows no such locks, or the directory cannot be read: bind says why.</summary>
    private static SafeFileHandle LockDirectoryOf(string path)
    {
        SafeFileHandle directory = new(Open(DirectoryOf(path), ReadAndCloseOnExec), ownsHandle: true);
        for (int waitedMs = 0; !directory.IsInvalid && Lock(directory, ExclusiveAndAtOnce) != 0; waitedMs += Limits.SocketDirectoryPauseMs)
        {
            if (Marshal.GetLastPInvokeError() != WouldBlock)
            {
                break;
            }

            if (waitedMs >= Limits.SocketDirectoryMs)
            {
                directory.Dispose();
                throw Unusable(path, $"another process has locked the directory {DirectoryOf(path)}", null);
            }

            Thread.Sleep(Limits.SocketDirectoryPauseMs);
        }

        return directory;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int directory, string path, int flags, uint fields, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeMode(string path, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
