using System;
using System.Runtime.CompilerServices;
using System.Text;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>What goes back to a caller in C: errors, fixed text fields, and structs of the caller's version.</summary>
internal static unsafe class Results
{
    /// <summary>Every export begins with it: an unusable error struct is refused before anything is done.</summary>
    internal static void Begin(interop_sessions_error* error)
    {
        if (error == null)
        {
            return;
        }

        RequireRoom(error, "error");

        Describe(null, error);
    }

    /// <summary>Every export ends with it when something was thrown.</summary>
    internal static interop_sessions_status Fail(Exception cause, interop_sessions_error* error)
    {
        SessionException failure = SessionException.Of(cause);
        Describe(failure, error);
        return (interop_sessions_status)failure.Status;
    }

    /// <summary>Fills an error struct, with nothing if nothing failed; one of unusable size is left alone.</summary>
    internal static void Describe(SessionException? failure, interop_sessions_error* error)
    {
        if (error == null || !IsUsable(error))
        {
            return;
        }

        error->status = (interop_sessions_status)(failure?.Status ?? SessionStatus.Ok);
        error->flags = (uint)FlagsOf(failure);
        error->retry_after_ms = failure?.RetryAfterMs ?? 0;
        WriteText((byte*)&error->leader_hint, sizeof(interop_sessions_error._leader_hint_e__FixedBuffer), failure?.LeaderHint ?? "");
        WriteText(
            (byte*)&error->message, sizeof(interop_sessions_error._message_e__FixedBuffer), failure?.Message ?? "");
    }

    /// <summary>Writes NUL-terminated UTF-8, cut at a character's end to fit.</summary>
    internal static void WriteText(byte* target, int capacity, string text)
    {
        Encoding.UTF8.GetEncoder().Convert(
            text, new Span<byte>(target, capacity - 1), flush: true, out _, out int written, out _);
        target[written] = 0;
    }

    /// <summary>Writes as much of a struct as the caller's version has room for; its struct_size stays.</summary>
    internal static void WriteStruct<T>(T* target, T value, string name)
        where T : unmanaged
    {
        RequireRoom(target, name);
        uint size = *(uint*)target;
        Unsafe.CopyBlockUnaligned(target, &value, Math.Min(size, (uint)sizeof(T)));
        *(uint*)target = size;
    }

    /// <summary>For outputs of calls with an effect: checked before, so that the effect is not lost to a bad output.</summary>
    internal static void RequireRoom<T>(T* target, string name)
        where T : unmanaged
    {
        Arguments.RequirePointer(target, name);
        Arguments.RequireSize<T>(*(uint*)target, name);
    }

    private static interop_sessions_error_flags FlagsOf(SessionException? failure) =>
        (failure is { IsOutcomeUnknown: true } ? interop_sessions_error_flags.INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN : 0) |
        (failure != null && (failure.IsPassing || failure.Status.IsPassing())
            ? interop_sessions_error_flags.INTEROP_SESSIONS_ERROR_PASSING : 0);

    private static bool IsUsable(interop_sessions_error* error) => Arguments.IsSizeOf<interop_sessions_error>(error->struct_size);
}
