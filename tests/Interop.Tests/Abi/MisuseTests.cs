using System;
using System.Text;
using Interop.Sessions.Native;
using Xunit;
using static Interop.Sessions.Native.InteropSessionsNative;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>Bad input through the ABI answers a status and a message, and nothing crashes.</summary>
[Collection(nameof(OneLibrary))]
public sealed unsafe class MisuseTests
{
    private interop_sessions_error _error = Native.NewError();

    [Fact]
    public void The_version_and_the_names_need_no_initialisation()
    {
        Assert.Equal(1u << 16, interop_sessions_abi_version());
        Assert.Matches(@"^1\.0\.0 linux-\w+ net10\.\S+ sqlite3\.\d+\.\d+( rev\.[0-9a-f]{12})?$", new string(interop_sessions_version()));
        Assert.Equal(
            "ITEM_TOO_LARGE", new string(interop_sessions_status_name(interop_sessions_status.INTEROP_SESSIONS_ITEM_TOO_LARGE)));
        Assert.Equal("UNKNOWN_STATUS", new string(interop_sessions_status_name((interop_sessions_status)12345)));
        interop_sessions_free(null);
    }

    [Fact]
    public void Calls_before_initialize_and_after_shutdown_are_refused()
    {
        RefusesAll();
        new RunningSession().Dispose();
        RefusesAll();

        void RefusesAll()
        {
            interop_sessions_error error = Native.NewError();
            Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_NOT_INITIALIZED, interop_sessions_shutdown(Native.Library, 0, &error));
            Assert.Equal(
                interop_sessions_status.INTEROP_SESSIONS_NOT_INITIALIZED,
                interop_sessions_follower_close(default, 0, &error));
            Assert.Contains("interop_sessions_initialize", Native.MessageOf(error), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_foreign_handle_and_bad_text_are_named()
    {
        using RunningSession running = new();
        interop_sessions_follower foreign = new() { value = running.Master.value };
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, Close(foreign));
        Assert.Contains("follower", Message(), StringComparison.Ordinal);

        ulong epoch = running.CreateSession().epoch;
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_INVALID_UTF8, SetItem(running, epoch, Native.Raw([(byte)'a', 0xff])));
        Assert.Equal("key is not UTF-8 at byte 1", Message());
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_TOO_LONG, SetItem(running, epoch, Native.Text(new string('k', 257))));
        Assert.Equal("key has 257 bytes; the limit is 256", Message());
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_RESERVED_KEY, SetItem(running, epoch, Native.Text("$x")));
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_WRONG_EPOCH, SetItem(running, epoch + 1, Native.Text("k")));
    }

    [Fact]
    public void A_struct_that_is_too_small_or_has_unknown_values_is_refused()
    {
        using RunningSession running = new();
        byte* description = stackalloc byte[sizeof(interop_sessions_server_description) + 8];
        new Span<byte>(description, sizeof(interop_sessions_server_description) + 8).Clear();

        // A pointer's size, as one writes by mistake.
        *(uint*)description = 8;
        interop_sessions_error error = Native.NewError();
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_INVALID_STRUCT_SIZE,
            interop_sessions_follower_create_session(
                running.Follower, (interop_sessions_server_description*)description, null, null, &error));
        Assert.Contains("description->struct_size is 8", Native.MessageOf(error), StringComparison.Ordinal);
        *(uint*)description = (uint)sizeof(interop_sessions_server_description) + 8;
        description[sizeof(interop_sessions_server_description) + 3] = 1;
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_INVALID_STRUCT_SIZE,
            interop_sessions_follower_create_session(
                running.Follower, (interop_sessions_server_description*)description, null, null, &error));
        Assert.Contains("description has a value at byte", Native.MessageOf(error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_is_too_long_is_cut_at_a_characters_end()
    {
        using RunningSession running = new();
        interop_sessions_error error = Native.NewError();
        interop_sessions_master_options options = new()
        {
            struct_size = (uint)sizeof(interop_sessions_master_options),
            listen_address = Native.Text("127.0.0.1:0"),
            insecure = (uint)Insecure.Loopback,
            store_path = Native.Text("/none/" + string.Concat(System.Linq.Enumerable.Repeat("ä", 1000))),
        };
        interop_sessions_master master;
        Assert.NotEqual(
            interop_sessions_status.INTEROP_SESSIONS_OK, interop_sessions_master_start(Native.Library, &options, &master, &error));
        Assert.InRange(Encoding.UTF8.GetByteCount(Native.MessageOf(error)), 510, 511);
        Assert.DoesNotContain('\ufffd', Native.MessageOf(error));
    }

    private interop_sessions_status Close(interop_sessions_follower follower)
    {
        fixed (interop_sessions_error* error = &_error)
        {
            return interop_sessions_follower_close(follower, 0, error);
        }
    }

    private interop_sessions_status SetItem(RunningSession running, ulong epoch, interop_sessions_string key)
    {
        fixed (interop_sessions_error* error = &_error)
        {
            return interop_sessions_follower_set_item(
                running.Follower, epoch, key, Native.Bytes("v"), INTEROP_SESSIONS_ANY_REVISION, null, null, error);
        }
    }

    private string Message() => Native.MessageOf(_error);
}
