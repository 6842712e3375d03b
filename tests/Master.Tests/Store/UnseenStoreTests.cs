using System;
using System.IO;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A master that cannot see its store any more, though it has it open: somebody else may have it by now.</summary>
public sealed class UnseenStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_acts_on_nothing_says_why_and_goes_on_when_it_sees_it_again()
    {
        string folder = _directory.File("store");
        string moved = _directory.File("moved");
        Directory.CreateDirectory(folder);
        using DaemonProcess master = await DaemonProcess.StartAsync(Path.Combine(folder, "sessions.db"));
        using MasterClient client = new(master.Port);
        Wire.SessionKey key = await client.CreateKeyAsync("server", termMs: 30_000);
        using RenewalStream stream = client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        // A link to itself: no look gets anywhere, and none finds that the file is gone.
        Directory.Move(folder, moved);
        File.CreateSymbolicLink(folder, folder);
        await Eventually.IsTrueAsync(async () => await stream.StatusOfAsync(key) == SessionStatus.NotLeader, "unseen");
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => client.CreateAsync("another"), "cannot be seen");
        await Eventually.IsTrueAsync(() => master.Said.Contains("[1045]", StringComparison.Ordinal), "told");

        File.Delete(folder);
        Directory.Move(moved, folder);
        await Eventually.IsTrueAsync(async () => await stream.StatusOfAsync(key) == SessionStatus.Ok, "seen again");
        await client.CreateAsync("another");
    }
}
