using System;
using System.IO;
using System.IO.MemoryMappedFiles;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>
/// The input that is being tried, in a file that is mapped: it is there also when the process ends without a word, as by a stack that
/// overflows.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int Bytes = 1 << 20;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    internal LastInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, Bytes);
        _view = _file.CreateViewAccessor();
    }

    internal void Note(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, input.Length);
    }

    /// <summary>What stands in such a file.</summary>
    internal static byte[] Read(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        return all.AsSpan(sizeof(int), BitConverter.ToInt32(all)).ToArray();
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
