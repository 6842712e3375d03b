using System;
using System.Runtime.CompilerServices;
using System.Text;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>What a caller in C passed in, checked and copied; every refusal names the argument and the limit.</summary>
internal static unsafe class Arguments
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    internal static void RequirePointer(void* pointer, string name)
    {
        if (pointer == null)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{name} must not be NULL");
        }
    }

    /// <summary>
    /// Reads a struct of any version: an older caller's lacks fields, which stay zero (the default); a newer caller's has
    /// more, which must be zero, since this release would not act on them.
    /// </summary>
    internal static T ReadStruct<T>(T* source, string name)
        where T : unmanaged
    {
        RequirePointer(source, name);
        return ReadSized<T>((byte*)source, *(uint*)source, name);
    }

    /// <summary>As <see cref="ReadStruct{T}"/>, where NULL means all defaults.</summary>
    internal static T ReadOptionalStruct<T>(T* source, string name)
        where T : unmanaged => source == null ? default : ReadStruct(source, name);

    /// <summary>
    /// As <see cref="ReadStruct{T}"/>, one of an array: of whatever version, all are as long as the first says.
    /// </summary>
    internal static T ReadElement<T>(T* first, int index, string name)
        where T : unmanaged
    {
        RequirePointer(first, name);
        uint size = *(uint*)first;
        if (index > 0)
        {
            // The first one's size has been checked by now.
            T* element = (T*)((byte*)first + (index * (nint)size));
            return *(uint*)element == size
                ? ReadStruct(element, $"{name}[{index}]")
                : throw new SessionException(
                    SessionStatus.InvalidStructSize,
                    $"{name}[{index}].struct_size is {*(uint*)element}; that of the first is {size}, and all must have the same");
        }

        return ReadStruct(first, $"{name}[0]");
    }

    internal static string ReadString(interop_sessions_string source, string name, int maxBytes)
    {
        if (source.size == 0)
        {
            return "";
        }

        RequirePointer(source.data, name + ".data");
        if (source.size > (nuint)maxBytes)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"{name} has {source.size} bytes; the limit is {maxBytes}");
        }

        ReadOnlySpan<byte> bytes = new(source.data, (int)source.size);
        if (bytes.Contains((byte)0))
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{name} contains a NUL byte");
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new SessionException(
                SessionStatus.InvalidUtf8, $"{name} is not UTF-8 at byte {error.Index}", error);
        }
    }

    internal static byte[] ReadBytes(interop_sessions_bytes source, string name, int maxBytes)
    {
        if (source.size == 0)
        {
            return [];
        }

        RequirePointer(source.data, name + ".data");
        return source.size <= (nuint)maxBytes
            ? new ReadOnlySpan<byte>(source.data, (int)source.size).ToArray()
            : throw new SessionException(
                SessionStatus.ItemTooLarge, $"{name} has {source.size} bytes; the limit is {maxBytes}");
    }

    internal static ulong[] ReadPids(ulong* pids, uint count)
    {
        if (count > Limits.MaxPidsPerReport)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"pid_count is {count}; the limit is {Limits.MaxPidsPerReport}");
        }

        if (count == 0)
        {
            return [];
        }

        RequirePointer(pids, "pids");
        return new ReadOnlySpan<ulong>(pids, (int)count).ToArray();
    }

    /// <summary>A time-out in milliseconds, 0 meaning the default.</summary>
    internal static uint ReadTimeout(uint timeoutMs, uint defaultMs, string name = "timeout_ms") =>
        timeoutMs <= Limits.MaxTimeoutMs
            ? (timeoutMs == 0 ? defaultMs : timeoutMs)
            : throw new SessionException(
                SessionStatus.InvalidArgument, $"{name} is {timeoutMs}; the limit is {Limits.MaxTimeoutMs}");

    /// <summary>The same of what ends an object, in which callbacks of the host may take their time.</summary>
    internal static int ReadEndTimeout(uint timeoutMs) => (int)ReadTimeout(timeoutMs, Limits.DefaultEndTimeoutMs);

    internal static RecreatePolicy ReadRecreatePolicy(interop_sessions_recreate_policy policy) =>
        policy is interop_sessions_recreate_policy.INTEROP_SESSIONS_RECREATE_NEVER or
            interop_sessions_recreate_policy.INTEROP_SESSIONS_RECREATE_AFTER_LOSS
            ? (RecreatePolicy)policy
            : throw new SessionException(
                SessionStatus.InvalidArgument, $"options->recreate is {(int)policy}; it must be 0 or 1");

    internal static uint OrDefault(uint value, uint defaultValue) => value == 0 ? defaultValue : value;

    /// <summary>
    /// What a struct had in the first release: there is no smaller one, so a caller that names a smaller size has mistaken a
    /// pointer's size for it. None has grown since.
    /// </summary>
    internal static int SizeAt10<T>()
        where T : unmanaged => sizeof(T);

    /// <summary>
    /// Can that be the size of a struct, of whatever release? A caller who forgot struct_size passes what was on its stack: nobody walks
    /// over memory, or writes it, on its word.
    /// </summary>
    internal static bool IsSizeOf<T>(uint size)
        where T : unmanaged => size >= SizeAt10<T>() && size <= sizeof(T) + Limits.MaxStructGrowthBytes;

    /// <summary>As <see cref="IsSizeOf{T}"/>, saying what is wrong.</summary>
    internal static void RequireSize<T>(uint size, string name)
        where T : unmanaged
    {
        if (!IsSizeOf<T>(size))
        {
            string wrong = size < SizeAt10<T>()
                ? $"it had {SizeAt10<T>()} bytes in the first release, and has {sizeof(T)} in this one"
                : $"the limit is {sizeof(T) + Limits.MaxStructGrowthBytes}";
            throw new SessionException(SessionStatus.InvalidStructSize, $"{name}->struct_size is {size}; {wrong}");
        }
    }

    /// <summary>A field that is not acted on yet must be 0, or it could never mean anything.</summary>
    internal static void RequireReserved(uint value, string name)
    {
        if (value != 0)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{name} is {value}; it is reserved and must be 0");
        }
    }

    private static T ReadSized<T>(byte* source, uint size, string name)
        where T : unmanaged
    {
        RequireSize<T>(size, name);
        for (uint at = (uint)sizeof(T); at < size; at++)
        {
            if (source[at] != 0)
            {
                throw new SessionException(
                    SessionStatus.InvalidStructSize,
                    $"{name} has a value at byte {at}, beyond the {sizeof(T)} bytes that this library knows");
            }
        }

        T known = default;
        Unsafe.CopyBlockUnaligned(&known, source, Math.Min(size, (uint)sizeof(T)));
        return known;
    }

}
