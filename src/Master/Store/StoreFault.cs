using System;
using Google.Protobuf;

namespace Interop.Sessions.Master.Store;

/// <summary>A row of a store that makes no sense.</summary>
/// <param name="Text">Its table, its name, and what is wrong.</param>
/// <param name="Line">All of it as a line of JSON. It may hold what a holder is known by.</param>
public sealed record StoreFault(string Text, ReadOnlyMemory<byte> Line)
{
    /// <summary>Removes it, in SQLite.</summary>
    internal Action? Remove { get; init; }

    /// <summary>Its key, in etcd.</summary>
    internal ByteString Key { get; init; } = ByteString.Empty;
}
