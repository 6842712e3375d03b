using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>
/// ALIVE is healthy. SUSPECT is degraded: it serves, and the master has been silent for half a term. Everything else is unhealthy,
/// or what its registration says of failures: it does not serve.
/// </summary>
internal sealed class SessionFollowerHealthCheck(SessionFollower follower) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SessionInfo session = follower.Session;
        HealthStatus status = StatusOf(session.State, context.Registration.FailureStatus);
        string description = session.State == SessionState.Lost
            ? $"the session of {follower.Identity} is lost: {session.EndReason.Name()}"
            : $"the session of {follower.Identity} is {session.State.Name()}";
        return Task.FromResult(new HealthCheckResult(status, description, data: new Dictionary<string, object>
        {
            ["identity"] = follower.Identity,
            ["state"] = session.State.Name(),
            ["epoch"] = session.Epoch,
        }));
    }

    internal static HealthStatus StatusOf(SessionState state, HealthStatus failure) => state switch
    {
        SessionState.Alive => HealthStatus.Healthy,
        SessionState.Suspect => HealthStatus.Degraded,
        _ => failure,
    };
}
