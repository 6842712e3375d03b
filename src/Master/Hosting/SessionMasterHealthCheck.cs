using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Interop.Sessions.Master.Hosting;

/// <summary>
/// A master that may act is healthy. One that stands by is degraded, or what its registration says of it; one that has not started,
/// or stops, is unhealthy, or what the registration says of failures.
/// </summary>
internal sealed class SessionMasterHealthCheck(SessionMasterHost host, HealthStatus standby) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.Started switch
        {
            null => new HealthCheckResult(context.Registration.FailureStatus, "the master has not started yet"),
            { Verbs.Stopping.IsCancellationRequested: true } =>
                new HealthCheckResult(context.Registration.FailureStatus, "the master stops"),
            { ActingEpoch: { } epoch } => HealthCheckResult.Healthy(
                $"the master leads, in leadership {epoch}", new Dictionary<string, object> { ["masterEpoch"] = epoch }),
            _ => new HealthCheckResult(standby, "the master does not lead; another may"),
        });
}
