using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>A master whose process was stopped, and whose store another has taken up meanwhile.</summary>
public sealed class StoppedMasterTests
{
    private const uint TermMs = 2000;

    [Fact]
    public async Task It_renews_nothing_when_it_goes_on_though_a_renewal_waits_for_it_already()
    {
        // Whether the thread that looks or the one that renews comes first is chance.
        for (int round = 0; round < 3; round++)
        {
            using TemporaryDirectory directory = new();
            string path = directory.File("sessions.db");
            using DaemonProcess first = await DaemonProcess.StartAsync(path);
            using MasterClient client = new(first.Port);
            Wire.SessionKey held = await client.CreateKeyAsync("server", TermMs);
            using RenewalStream stream = client.OpenStream();
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(held));

            first.Pause();
            Replace(path);
            using DaemonProcess second = await DaemonProcess.StartAsync(path);
            using MasterClient other = new(second.Port);
            await Eventually.IsTrueAsync(() => IsGivenAsync(other), "given to another");
            Task<SessionStatus> renewal = stream.StatusOfAsync(held);
            first.Continue();

            Assert.NotEqual(SessionStatus.Ok, await renewal);
        }
    }

    /// <summary>A copy in the place of the file, with all that is in it.</summary>
    private static void Replace(string path)
    {
        foreach (string file in new[] { path, path + "-wal" }.Where(File.Exists))
        {
            File.Copy(file, file + ".copy");
            File.Move(file, file + ".former");
            File.Move(file + ".copy", file);
        }
    }

    private static async Task<bool> IsGivenAsync(MasterClient client)
    {
        try
        {
            return (await client.CreateAsync("server", TermMs)).Epoch > 0;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
