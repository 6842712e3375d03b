using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>The names of the statuses as C text that is never freed, taken from the header's own enum.</summary>
internal static unsafe class StatusNames
{
    private const string Prefix = "INTEROP_SESSIONS_";

    private static readonly Dictionary<interop_sessions_status, nint> s_names = Build();
    private static readonly nint s_unknown = Copy("UNKNOWN_STATUS");

    internal static sbyte* Of(interop_sessions_status status) =>
        (sbyte*)(s_names.TryGetValue(status, out nint name) ? name : s_unknown);

    private static Dictionary<interop_sessions_status, nint> Build()
    {
        Dictionary<interop_sessions_status, nint> names = [];
        foreach (interop_sessions_status status in Enum.GetValues<interop_sessions_status>())
        {
            names[status] = Copy(status.ToString()[Prefix.Length..]);
        }

        return names;
    }

    private static nint Copy(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte* copy = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return (nint)copy;
    }
}
