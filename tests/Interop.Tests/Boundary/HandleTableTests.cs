using System;
using System.Collections.Generic;
using Interop.Sessions.Boundary;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Boundary;

public sealed class HandleTableTests
{
    private readonly HandleTable _table = new();

    [Fact]
    public void A_handle_finds_its_object_until_it_is_removed()
    {
        ulong handle = _table.Add("object");
        Assert.Equal("object", _table.Get<string>(handle, "it"));
        _table.Remove(handle);
        SessionException error = Assert.Throws<SessionException>(() => _table.Get<string>(handle, "it"));
        Assert.Equal(SessionStatus.InvalidHandle, error.Status);
        Assert.StartsWith("it ", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_handle_never_hits_the_object_that_took_its_slot()
    {
        ulong stale = _table.Add("first");
        _table.Remove(stale);
        ulong fresh = _table.Add("second");
        Assert.NotEqual(stale, fresh);
        Assert.Throws<SessionException>(() => _table.Get<string>(stale, "it"));
        Assert.Equal("second", _table.Get<string>(fresh, "it"));
    }

    [Fact]
    public void A_handle_of_another_kind_is_refused()
    {
        ulong handle = _table.Add(new object());
        Assert.Throws<SessionException>(() => _table.Get<string>(handle, "it"));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    public void A_number_that_is_no_handle_is_refused(ulong handle) =>
        Assert.Throws<SessionException>(() => _table.Get<string>(handle, "it"));

    [Fact]
    public void A_marked_handle_is_known_when_it_is_stale_and_no_other_is()
    {
        ulong unmarked = _table.Add("first");
        _table.Remove(unmarked);
        ulong marked = _table.AddMarked(HandleMark.Operation, owner: 0, () => "second");
        Assert.Equal("second", _table.Get<string>(marked, "it"));
        Assert.Equal("second", Operation(marked));
        Assert.Throws<SessionException>(() => Operation(marked + (1UL << 40)));

        _table.Remove(marked);
        ulong taker = _table.AddMarked(HandleMark.Registration, owner: 0, () => "third");

        Assert.Null(Operation(marked));
        Assert.Throws<SessionException>(() => _table.Get<string>(marked, "it"));
        ulong[] others = [unmarked, taker + (1UL << 40), 0, ulong.MaxValue];
        Assert.All(others, handle => Assert.Throws<SessionException>(() => Operation(handle)));
    }

    [Fact]
    public void A_stale_handle_of_one_mark_is_none_of_another()
    {
        ulong handle = _table.AddMarked(HandleMark.Registration, owner: 0, () => "registration");
        _table.Remove(handle);
        Assert.Throws<SessionException>(() => Operation(handle));
    }

    [Fact]
    public void What_is_marked_outlives_its_owner_until_it_is_removed_itself()
    {
        ulong owner = _table.Add("owner");
        ulong marked = _table.AddMarked(HandleMark.Operation, owner, () => "marked");
        Assert.Equal(["marked"], _table.OwnedBy(owner));
        _table.Remove(owner);
        Assert.Equal("marked", Operation(marked));
        _table.Remove(marked);
        Assert.Null(Operation(marked));

        // Both slots are free.
        ulong[] next = [_table.Add("next"), _table.Add("and next")];
        Assert.All(next, handle => Assert.InRange(handle & 0xfffff, 1UL, 2UL));
    }

    [Fact]
    public void What_an_object_owns_goes_with_it()
    {
        ulong owner = _table.Add("owner");
        ulong child = _table.Add("child", owner);
        ulong grandchild = _table.Add("grandchild", child);
        _table.Remove(owner);
        Assert.Throws<SessionException>(() => _table.Get<string>(child, "it"));
        Assert.Throws<SessionException>(() => _table.Get<string>(grandchild, "it"));
    }

    [Fact]
    public void What_cannot_be_made_keeps_no_slot()
    {
        ulong lowest = _table.Add("first");
        _table.Remove(lowest);
        Assert.Throws<InvalidOperationException>(() => _table.Add(0, () => throw new InvalidOperationException()));
        Assert.Equal(lowest & 0xfffff, _table.Add("second") & 0xfffff);
    }

    [Fact]
    public void What_finds_no_slot_is_not_made()
    {
        const int Limit = 1 << 18;
        for (int i = 0; i < Limit; i++)
        {
            _table.Add("object");
        }

        bool isMade = false;
        SessionException error = Assert.Throws<SessionException>(() => _table.Add(0, () => isMade = true));
        Assert.Equal(SessionStatus.TooManyObjects, error.Status);
        Assert.False(isMade);
    }

    [Fact]
    public void What_is_made_while_its_owner_goes_is_told_so_and_keeps_no_slot()
    {
        ulong owner = _table.Add("owner");
        SessionException error = Assert.Throws<SessionException>(() => _table.Add(owner, () =>
        {
            _table.Remove(owner);
            return "late";
        }));
        Assert.Equal(SessionStatus.Cancelled, error.Status);

        // The owner's slot and its own are free, and nothing lives in them.
        ulong[] next = [_table.Add("next"), _table.Add("and next")];
        Assert.All(next, handle => Assert.InRange(handle & 0xfffff, 1UL, 2UL));
    }

    [Fact]
    public void What_a_handle_owns_is_found_and_goes_with_it()
    {
        ulong owner = _table.Add("owner");
        ulong owned = _table.Add("owned", owner);
        _table.Add("another's");
        Assert.Equal(["owned"], _table.OwnedBy(owner));
        _table.Remove(owner);
        Assert.Empty(_table.OwnedBy(owner));
        Assert.Throws<SessionException>(() => _table.Get<string>(owned, "it"));
    }

    [Fact]
    public void Slots_are_used_again_so_that_the_table_does_not_grow_and_no_handle_comes_twice()
    {
        HashSet<ulong> seen = [];
        for (int i = 0; i < 10_000; i++)
        {
            ulong handle = _table.Add("object");
            Assert.True(seen.Add(handle));
            Assert.Equal(1UL, handle & 0xfffff);
            _table.Remove(handle);
        }
    }

    private string? Operation(ulong handle) => _table.GetUnlessOver<string>(HandleMark.Operation, handle, "it");
}
