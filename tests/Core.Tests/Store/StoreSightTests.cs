using Interop.Sessions.Store;
using Xunit;

namespace Interop.Sessions.Core.Tests.Store;

/// <summary>What speaks against a store's files being those that their master left behind.</summary>
public sealed class StoreSightTests
{
    private static readonly FileSight File = new(Device: 1, Inode: 10, Links: 1, Bytes: 4096, ModifiedNs: 100);
    private static readonly FileSight Log = new(Device: 1, Inode: 11, Links: 1, Bytes: 8192, ModifiedNs: 100);
    private static readonly StoreSight Noted = new(File, File, Log);

    public static TheoryData<string, StoreSight, bool> Losses => new()
    {
        { "the file was deleted", Noted with { Held = File with { Links = 0 }, AtPath = null }, true },
        { "the file was moved away", Noted with { AtPath = null }, true },
        { "another file is in its place", Noted with { AtPath = File with { Inode = 99 } }, true },
        { "another file is in its place", Noted with { AtPath = File with { Device = 2 } }, true },
        { "its log (-wal) was deleted or moved away", Noted with { Log = null }, true },
        { "another log (-wal) is in the place of its own", Noted with { Log = Log with { Inode = 99 } }, true },
        { "the file was changed by another", Changed(File with { Bytes = 0 }), false },
        { "the file was changed by another", Changed(File with { ModifiedNs = 101 }), false },
        { "the file was changed by another", Changed(File with { ModifiedNs = 99 }), false },
        { "its log (-wal) was changed by another", Noted with { Log = Log with { Bytes = 0 } }, false },
        { "its log (-wal) was changed by another", Noted with { Log = Log with { ModifiedNs = 101 } }, false },
    };

    [Fact]
    public void What_is_as_it_was_is_kept()
    {
        Assert.Null(Noted.LossSince(Noted, isWriting: false));
        Assert.Null(Noted.LossSince(Noted, isWriting: true));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void What_differs_is_named_and_size_and_time_only_while_nothing_is_written(
        string expected, StoreSight now, bool alsoWhileWriting)
    {
        Assert.Equal(expected, now.LossSince(Noted, isWriting: false));
        Assert.Equal(alsoWhileWriting ? expected : null, now.LossSince(Noted, isWriting: true));
    }

    [Fact]
    public void A_second_name_of_the_file_is_no_loss()
    {
        FileSight linked = File with { Links = 2 };
        Assert.Null(new StoreSight(linked, linked, Log).LossSince(Noted, isWriting: false));
    }

    [Fact]
    public void A_log_that_appears_while_nothing_is_written_is_another_s()
    {
        StoreSight noted = Noted with { Log = null };
        Assert.Equal("a log (-wal) appeared that is not its own", Noted.LossSince(noted, isWriting: false));
        Assert.Null(Noted.LossSince(noted, isWriting: true));
    }

    private static StoreSight Changed(FileSight file) => new(file, file, Log);
}
