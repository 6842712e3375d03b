using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>A master whose etcd goes away in the middle of the beginning of its leadership.</summary>
public sealed class StopWithoutEtcdTests(OneNode etcd)
{
    [Fact]
    public async Task It_stops_all_the_same()
    {
        using TcpProxy way = new(etcd.Port);
        way.Cut();
        using ManualResetEventSlim isCut = new();
        int seen = 0;
        way.CutsBefore = bytes =>
        {
            // First it reads the state, then it writes it.
            if (Encoding.Latin1.GetString(bytes).Contains("/state", StringComparison.Ordinal) && Interlocked.Increment(ref seen) == 2)
            {
                isCut.Set();
                return true;
            }

            return false;
        };
        EtcdMaster master = new(etcd.NewOptions() with { Endpoints = way.Address });
        way.Restore();
        Assert.True(isCut.Wait(TimeSpan.FromSeconds(30)));

        await Eventually.Ends(Task.Run(master.Dispose));
    }
}
