using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Protocol;

/// <summary>A small file that somebody else writes, read whole: no folder, pipe or device, nothing without end.</summary>
public static partial class SmallFile
{
    private const int CloseOnExec = 0x80000;
    private const int NeverWait = 0x800;
    private const int NoTerminal = 0x100;
    private const int OfDescriptor = 0x1000;
    private const uint ModeField = 0x3;
    private const int StatusBytes = 256;
    private const int ModeOffset = 28;
    private const int FileTypeMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int PermissionMask = 0xfff;

    /// <summary>Reads one.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What errors call it.</param>
    /// <param name="mostBytes">How large it may be.</param>
    /// <param name="forbidden">What its mode must allow nobody.</param>
    /// <param name="why">Why not, for people.</param>
    /// <exception cref="SessionException">InvalidArgument, naming the file and what is wrong with it.</exception>
    public static byte[] Read(string path, string what, int mostBytes, UnixFileMode forbidden, string why)
    {
        try
        {
            // Whatever is there, the open must not wait: a pipe would, for its writer.
            int descriptor = Open(path, CloseOnExec | NeverWait | NoTerminal);
            using SafeFileHandle file = descriptor >= 0
                ? new SafeFileHandle(descriptor, ownsHandle: true)
                : throw new Win32Exception(Marshal.GetLastPInvokeError());
            int mode = ModeOf(descriptor);
            if ((mode & FileTypeMask) != RegularFile)
            {
                throw Wrong(what, path, "is no regular file");
            }

            if ((mode & (int)forbidden) != 0)
            {
                throw Wrong(what, path, $"has mode {Convert.ToString(mode & PermissionMask, 8).PadLeft(4, '0')}: {why}");
            }

            return ReadAll(file, path, what, mostBytes);
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw Wrong(what, path, $"cannot be read: {error.Message}", error);
        }
    }

    private static byte[] ReadAll(SafeFileHandle file, string path, string what, int mostBytes)
    {
        byte[] content = new byte[mostBytes + 1];
        int size = 0;
        while (size < content.Length)
        {
            int read = RandomAccess.Read(file, content.AsSpan(size), size);
            if (read == 0)
            {
                return content[..size];
            }

            size += read;
        }

        throw Wrong(what, path, $"has more than {mostBytes} bytes");
    }

    /// <summary>Of statx, which is the same on every processor: what kind of file it is, and who may do what with it.</summary>
    private static int ModeOf(int descriptor)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        return GetStatus(descriptor, "", OfDescriptor, ModeField, status) == 0
            ? BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..])
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static SessionException Wrong(string what, string path, string problem, Exception? error = null) =>
        new(SessionStatus.InvalidArgument, $"{what} '{path}' {problem}", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int directory, string path, int flags, uint fields, Span<byte> status);
}
