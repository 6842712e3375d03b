using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Verbs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Interop.Sessions.Master.Server;

/// <summary>The answer to a gRPC health probe: SERVING while the host leads, so that a balancer finds the leader.</summary>
internal sealed class LeadershipHealth(SessionVerbs verbs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(verbs.ActingEpoch != null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("another master leads"));
}
