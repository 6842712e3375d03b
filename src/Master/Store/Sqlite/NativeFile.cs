using System.ComponentModel;
using System.Runtime.InteropServices;
using Interop.Sessions.Store;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// What .NET has no call for: locks that belong to an open file and not to the process (fcntl(2), "Open file description
/// locks"), and which file it is.
/// </summary>
internal static partial class NativeFile
{
    /// <summary>Nothing is there: ENOENT.</summary>
    internal const int NotFound = 2;

    /// <summary>EACCES.</summary>
    internal const int NoAccess = 13;

    /// <summary>EPERM.</summary>
    internal const int NotPermitted = 1;

    /// <summary>EROFS.</summary>
    internal const int ReadOnlyDisk = 30;

    /// <summary>EAGAIN: another has the lock.</summary>
    internal const int Taken = 11;

    private const int ReadAndWrite = 0x2;
    private const int CreateIfMissing = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int NeverWait = 0x800;
    private const int SetLock = 37;
    private const short WriteLock = 1;
    private const short NoLock = 2;
    private const int CurrentDirectory = -100;
    private const int OfDescriptor = 0x1000;
    private const uint BasicFields = 0x7ff;
    private const int FileTypeMask = 0xf000;
    private const int RegularFile = 0x8000;

    /// <summary>Opens for reading and writing.</summary>
    /// <exception cref="Win32Exception">With errno.</exception>
    internal static SafeFileHandle Open(string path, bool create, uint mode)
    {
        int descriptor = OpenFile(path, ReadAndWrite | CloseOnExec | NeverWait | (create ? CreateIfMissing : 0), mode);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError();
    }

    /// <summary>Takes bytes for this opening of the file alone; false: another has them, in whatever process.</summary>
    /// <exception cref="Win32Exception">The file system knows no locks.</exception>
    internal static bool TryLock(SafeFileHandle file, long start, long length)
    {
        FileLock wanted = new() { Type = WriteLock, Start = start, Length = length };
        return ChangeLock(file, SetLock, ref wanted) == 0 ||
            (Marshal.GetLastPInvokeError() == Taken ? false : throw LastError());
    }

    /// <summary>
    /// Gives bytes back. A close alone would not, where a forked child still has the descriptor.
    /// </summary>
    internal static void Unlock(SafeFileHandle file, long start, long length)
    {
        FileLock none = new() { Type = NoLock, Start = start, Length = length };
        _ = ChangeLock(file, SetLock, ref none);
    }

    /// <summary>What is known of an open file.</summary>
    /// <exception cref="Win32Exception">With errno.</exception>
    internal static FileFacts Look(SafeFileHandle file)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Look((int)file.DangerousGetHandle(), "", OfDescriptor) ?? throw LastError();
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>What is known of the file at a path; null: there is none.</summary>
    /// <exception cref="Win32Exception">Nobody can tell.</exception>
    internal static FileFacts? Look(string path) => Look(CurrentDirectory, path, 0);

    /// <summary>Lets no user but the owner read or write a file.</summary>
    internal static void Narrow(SafeFileHandle file, uint mode)
    {
        if (ChangeMode(file, mode) != 0)
        {
            throw LastError();
        }
    }

    /// <summary>Gives a file to another owner; of use to the superuser only.</summary>
    internal static void Give(SafeFileHandle file, uint user, uint group)
    {
        if (ChangeOwner(file, user, group) != 0)
        {
            throw LastError();
        }
    }

    private static FileFacts? Look(int directory, string path, int flags)
    {
        if (GetStatus(directory, path, flags, BasicFields, out FileStatus status) != 0)
        {
            return Marshal.GetLastPInvokeError() == NotFound ? null : throw LastError();
        }

        return new FileFacts(
            new FileSight(
                ((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode, status.Links, (long)status.Bytes,
                (status.ModifiedSeconds * Ns.PerSecond) + status.ModifiedNanoseconds),
            (status.Mode & FileTypeMask) == RegularFile, (uint)status.Mode & 0xfff, status.User, status.Group);
    }

    private static Win32Exception LastError() => new(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ChangeLock(SafeFileHandle file, int command, ref FileLock wanted);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int directory, string path, int flags, uint fields, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    /// <summary>struct flock of 64-bit Linux.</summary>
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    /// <summary>struct statx, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(16)]
        public uint Links;
        [FieldOffset(20)]
        public uint User;
        [FieldOffset(24)]
        public uint Group;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Inode;
        [FieldOffset(40)]
        public ulong Bytes;
        [FieldOffset(112)]
        public long ModifiedSeconds;
        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

/// <summary>What the file system says of a file.</summary>
/// <param name="Sight">Which one it is, and what can be seen of its content.</param>
/// <param name="IsRegular">It is no folder, device, pipe or socket.</param>
/// <param name="Mode">Which users may do what with the file.</param>
/// <param name="User">Its owner.</param>
/// <param name="Group">Its group.</param>
internal readonly record struct FileFacts(FileSight Sight, bool IsRegular, uint Mode, uint User, uint Group);
