using System;

namespace Interop.Sessions;

/// <summary>A small fact on a session, gone with the session.</summary>
/// <param name="Key">1 to <see cref="Limits.MaxItemKeyBytes"/> bytes of UTF-8, not beginning with '$'.</param>
/// <param name="Value">Opaque bytes.</param>
/// <param name="Revision">Of the change that set the item; grows with every change on the master. 0: the item was not set yet.</param>
public sealed record Item(string Key, ReadOnlyMemory<byte> Value, ulong Revision = 0);
