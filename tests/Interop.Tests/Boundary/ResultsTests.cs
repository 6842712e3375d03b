using System;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Native;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Boundary;

public sealed unsafe class ResultsTests : IDisposable
{
    private const int LaterBytes = 4096;

    private readonly interop_sessions_error* _output =
        (interop_sessions_error*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_error) + LaterBytes);

    public void Dispose() => NativeMemory.Free(_output);

    [Fact]
    public void An_output_has_room_from_the_size_of_the_first_release_up_to_what_a_later_one_may_add()
    {
        foreach (int size in (int[])[sizeof(interop_sessions_error), sizeof(interop_sessions_error) + LaterBytes])
        {
            _output->struct_size = (uint)size;
            Results.RequireRoom(_output, "output");
        }

        uint present = (uint)sizeof(interop_sessions_error);
        foreach (uint size in (uint[])[0, present - 1, present + LaterBytes + 1, uint.MaxValue])
        {
            _output->struct_size = size;
            SessionException refusal = Assert.Throws<SessionException>(() => Results.RequireRoom(_output, "output"));
            Assert.Equal(SessionStatus.InvalidStructSize, refusal.Status);
            Assert.StartsWith($"output->struct_size is {size}; ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_error_of_a_later_release_is_filled_and_one_that_is_larger_is_left_alone()
    {
        SessionException failure = new(SessionStatus.NotLeader, "who leads is elsewhere");
        _output->struct_size = (uint)sizeof(interop_sessions_error) + LaterBytes;
        Results.Describe(failure, _output);
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_NOT_LEADER, _output->status);

        _output->struct_size++;
        Results.Describe(null, _output);
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_NOT_LEADER, _output->status);
    }
}
