using System.IO;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>The files of a store as a SIGKILL leaves them, and what is in them.</summary>
/// <param name="File">The store.</param>
/// <param name="Log">Its write-ahead log.</param>
/// <param name="End">The note of where the log ends.</param>
/// <param name="Content">What was acknowledged.</param>
internal sealed record KilledStore(byte[] File, byte[] Log, byte[] End, string[] Content)
{
    /// <summary>As they are while the store is open.</summary>
    internal static KilledStore Of(string path, string[] content) =>
        new(ReadShared(path), ReadShared(path + "-wal"), ReadShared(path + "-end"), content);

    /// <summary>Puts them somewhere.</summary>
    internal void Write(string path)
    {
        System.IO.File.WriteAllBytes(path, File);
        System.IO.File.WriteAllBytes(path + "-wal", Log);
        System.IO.File.WriteAllBytes(path + "-end", End);
    }

    internal static void Delete(string path)
    {
        System.IO.File.Delete(path);
        System.IO.File.Delete(path + "-wal");
        System.IO.File.Delete(path + "-end");
    }

    internal static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
