using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Library" of the C header; what needs no runtime is C, in <c>C/plain.c</c>.</summary>
internal static unsafe class LibraryExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_initialize", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Initialize(interop_sessions_options* options, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Library.Initialize(Arguments.ReadStruct(options, "options"));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_shutdown", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Shutdown(interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Library.Shutdown();
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
