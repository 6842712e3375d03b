using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Worker;

/// <summary>What the follower tells: on standard output, for whoever runs the worker.</summary>
internal sealed class SessionNews : FollowerCallbacks
{
    public override void SessionLost(SessionInfo session) =>
        Console.WriteLine($"lost epoch {session.Epoch}: {session.EndReason}");
}

/// <summary>The health each second.</summary>
internal sealed class HealthNews : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        Console.WriteLine($"health {report.Status}: {report.Entries["session"].Description}");
        return Task.CompletedTask;
    }
}
