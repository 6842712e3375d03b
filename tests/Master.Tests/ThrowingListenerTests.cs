using System;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Whoever listens to a meter hears all masters of a process: alone, so that no other test misses what this one throws at.</summary>
[CollectionDefinition(nameof(ThrowingListenerTests), DisableParallelization = true)]
[Collection(nameof(ThrowingListenerTests))]
public sealed class ThrowingListenerTests
{
    [Fact]
    public async Task A_listener_that_throws_costs_no_commit_no_renewal_and_no_leadership()
    {
        int heard = 0;
        using MeterListener thrower = new();
        thrower.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Interop.Sessions.Master")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        thrower.SetMeasurementEventCallback<long>((_, _, _, _) => Throw());
        thrower.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        thrower.Start();
        using RunningMaster running = new();

        Wire.SessionKey key = await running.Client.CreateKeyAsync("one", 60_000);
        await running.Client.SetItemAsync(key, "k", [1]);
        using RenewalStream stream = running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        await running.Client.CloseAsync(key);

        Assert.True(running.Master.Leads);
        Assert.InRange(Volatile.Read(ref heard), 5, int.MaxValue);

        void Throw()
        {
            Interlocked.Increment(ref heard);
            throw new InvalidOperationException("of the host");
        }
    }
}
