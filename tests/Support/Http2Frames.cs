using System;
using System.Collections.Generic;

namespace Interop.Sessions.Tests.Support;

/// <summary>Counts the frames that one side of an HTTP/2 connection sends (RFC 9113, section 4.1).</summary>
internal sealed class Http2Frames(bool hasPreface)
{
    internal const byte Data = 0;
    internal const byte Headers = 1;
    private const int HeaderBytes = 9;
    private const int PrefaceBytes = 24;

    private readonly int[] _counts = new int[256];
    private readonly List<byte> _header = [];
    private int _skip = hasPreface ? PrefaceBytes : 0;

    internal int Count(byte type)
    {
        lock (_counts)
        {
            return _counts[type];
        }
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_counts)
        {
            foreach (byte next in bytes)
            {
                if (_skip > 0)
                {
                    _skip--;
                    continue;
                }

                _header.Add(next);
                if (_header.Count == HeaderBytes)
                {
                    _skip = (_header[0] << 16) | (_header[1] << 8) | _header[2];
                    _counts[_header[3]]++;
                    _header.Clear();
                }
            }
        }
    }
}
