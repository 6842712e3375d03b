using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Interop.Sessions.Native;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>The built library behind the generated P/Invokes, and C values for tests.</summary>
internal static unsafe class Native
{
    private static readonly interop_sessions_library* s_library =
        (interop_sessions_library*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_library));

    [ModuleInitializer]
    internal static void UseTheBuiltLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(InteropSessionsNative).Assembly,
        (name, _, _) => name == "interop_sessions" ? NativeLibrary.Load(Repository.Library) : 0);

    /// <summary>A C string that lives as long as the process: tests are short.</summary>
    internal static interop_sessions_string Text(string text) => Raw(Encoding.UTF8.GetBytes(text));

    internal static interop_sessions_string Raw(byte[] bytes)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return new interop_sessions_string { data = (sbyte*)copy, size = (nuint)bytes.Length };
    }

    internal static interop_sessions_bytes Bytes(string text)
    {
        interop_sessions_string copy = Text(text);
        return new interop_sessions_bytes { data = (byte*)copy.data, size = copy.size };
    }

    internal static string ToText(interop_sessions_string text) =>
        Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text.data, (int)text.size));

    /// <summary>What initialize() gave last.</summary>
    internal static interop_sessions_library Library => *s_library;

    /// <summary>Where initialize() is to put it.</summary>
    internal static interop_sessions_library* NewLibrary() => s_library;

    /// <summary>Options of a call, which live as long as the process.</summary>
    internal static interop_sessions_call_options* Within(uint timeoutMs)
    {
        interop_sessions_call_options* options =
            (interop_sessions_call_options*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_call_options));
        options->struct_size = (uint)sizeof(interop_sessions_call_options);
        options->timeout_ms = timeoutMs;
        return options;
    }

    internal static interop_sessions_error NewError() => new() { struct_size = (uint)sizeof(interop_sessions_error) };

    internal static string MessageOf(interop_sessions_error error) =>
        Marshal.PtrToStringUTF8((nint)(&error.message))!;

    /// <summary>Asserts success; the error's message says why not.</summary>
    internal static void Ok(interop_sessions_status status, interop_sessions_error error) =>
        Assert.True(status == interop_sessions_status.INTEROP_SESSIONS_OK, $"{status}: {MessageOf(error)}");
}
