using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Worker;

/// <summary>Works while the lease lasts, and waits for the next one when it is over.</summary>
internal sealed class LeasedWork(SessionFollower follower, ILogger<LeasedWork> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            SessionInfo session = await follower.WaitForLeaseAsync(stoppingToken);
            using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(
                stoppingToken, follower.LeaseLost(session.Epoch));
            try
            {
                await ServeAsync(session.Epoch, ending.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("no lease of epoch {Epoch} any more", session.Epoch);
            }
            catch (SessionException failure) when (failure.Status is not SessionStatus.InvalidArgument)
            {
                logger.LogWarning("epoch {Epoch}: {Status}, {Reason}", session.Epoch, failure.Status, failure.Message);
                await Task.Delay(100, stoppingToken);
            }
        }
    }

    private async Task ServeAsync(ulong epoch, CancellationToken ending)
    {
        await follower.SetItemAsync(epoch, "state", "serving"u8.ToArray(), cancellationToken: ending);
        Console.WriteLine($"serving under epoch {epoch}");
        while (true)
        {
            // The token tells a moment later: the question before each effect is what keeps the promise.
            if (follower.IsLeaseValid(epoch))
            {
                Effect();
            }

            await Task.Delay(10, ending);
        }
    }

    private static void Effect()
    {
    }
}
