using System;
using System.IO;

namespace Interop.Sessions.Daemon;

/// <summary>
/// A file that is there as a whole, under its own name, or not at all: written beside it first. For its owner only,
/// whatever the umask: it holds what holders are known by.
/// </summary>
internal static class NewFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="IOException">There is such a file already, or it cannot be written.</exception>
    internal static T Write<T>(string path, Func<Stream, T> write)
    {
        RequireNone(path);
        string beside = $"{path}.{Environment.ProcessId}.part";
        try
        {
            T result;
            using (FileStream file = new(beside, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }))
            {
                File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
                result = write(file);
                file.Flush(flushToDisk: true);
            }

            RequireNone(path);
            File.Move(beside, path);
            return result;
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static void RequireNone(string path)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"file '{path}' exists already");
        }
    }
}
