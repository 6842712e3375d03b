using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>The numbers of a connection's writes.</summary>
public sealed class WriteNumbersTests
{
    private readonly WriteNumbers _numbers = new();

    [Fact]
    public void Writes_one_after_the_other_leave_nothing_unfinished_behind()
    {
        for (ulong number = 1; number <= 3; number++)
        {
            WriteId write = Begin();
            Assert.Equal(new WriteId(number, number), write);
            _numbers.Finish(write);
        }
    }

    [Fact]
    public void A_write_that_hangs_stays_unfinished_for_those_behind_it()
    {
        WriteId first = Begin();
        WriteId second = Begin();
        _numbers.Finish(second);

        Assert.Equal(new WriteId(3, 1), Begin());
        _numbers.Finish(first);
        Assert.Equal(new WriteId(4, 3), Begin());
    }

    [Fact]
    public void No_number_is_further_ahead_of_an_unfinished_one_than_a_master_remembers()
    {
        WriteId hangs = Begin();
        for (int i = 1; i < Limits.MaxUnfinishedWrites; i++)
        {
            _numbers.Finish(Begin());
        }

        Assert.False(_numbers.TryBegin(out _));
        _numbers.Finish(hangs);
        Assert.True(_numbers.TryBegin(out WriteId next));
        Assert.Equal(next.Number, next.FirstUnfinished);
    }

    [Fact]
    public void Every_number_is_new_and_all_below_the_first_unfinished_are_finished() =>
        Gen.Int[0, 20].Array[0, 200].Sample(steps =>
        {
            WriteNumbers numbers = new();
            List<WriteId> unfinished = [];
            ulong last = 0;
            foreach (int step in steps)
            {
                if (step < unfinished.Count)
                {
                    numbers.Finish(unfinished[step]);
                    unfinished.RemoveAt(step);
                    continue;
                }

                Assert.True(numbers.TryBegin(out WriteId write));
                unfinished.Add(write);
                Assert.Equal(++last, write.Number);
                Assert.Equal(unfinished.Min(other => other.Number), write.FirstUnfinished);
            }
        });

    private WriteId Begin()
    {
        Assert.True(_numbers.TryBegin(out WriteId write));
        return write;
    }
}
