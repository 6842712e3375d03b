using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Interop.Sessions.Master.Hosting;

/// <summary>A master in a .NET host.</summary>
public static class SessionMasterServices
{
    /// <summary>
    /// Adds a <see cref="SessionMaster"/> that serves while the host runs. Register an <see cref="AccessManager"/> of your
    /// own before to decide about sessions; <see cref="SessionMasterHost.Master"/> is the running master. The options are checked
    /// before anything of the host has started.
    /// </summary>
    /// <exception cref="ArgumentException">There is one already.</exception>
    public static IServiceCollection AddSessionMaster(
        this IServiceCollection services, Action<SessionMasterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services);
        services.AddOptions<SessionMasterOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SessionMasterOptions>, SessionMasterHostValidation>());
        return services;
    }

    /// <summary>The same with options that are made already; they are checked by the start of the master.</summary>
    /// <exception cref="ArgumentException">There is one already.</exception>
    public static IServiceCollection AddSessionMaster(this IServiceCollection services, SessionMasterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Add(services);
        services.AddSingleton(Options.Create(options));
        return services;
    }

    /// <summary>
    /// Adds the health of the master: healthy while it leads, <paramref name="standbyStatus"/> while another may, and otherwise
    /// unhealthy, or what <paramref name="failureStatus"/> says.
    /// </summary>
    /// <param name="builder">Of AddHealthChecks.</param>
    /// <param name="checkName">Of the check.</param>
    /// <param name="standbyStatus">Of a master that runs and does not lead.</param>
    /// <param name="failureStatus">Of one that does not run; null: unhealthy.</param>
    /// <param name="tags">Of the check.</param>
    public static IHealthChecksBuilder AddSessionMaster(
        this IHealthChecksBuilder builder, string checkName = "session-master",
        HealthStatus standbyStatus = HealthStatus.Degraded, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            checkName,
            provider => new SessionMasterHealthCheck(provider.GetRequiredService<SessionMasterHost>(), standbyStatus),
            failureStatus, tags));
    }

    private static void Add(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(one => one.ServiceType == typeof(SessionMasterHost)))
        {
            throw new ArgumentException("a session master was added already; a host has one", nameof(services));
        }

        services.AddLogging();
        services.TryAddSingleton<AccessManager>();
        services.AddSingleton<SessionMasterHost>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionMasterHost>());
    }
}
