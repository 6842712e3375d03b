using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Interop.Sessions.Master.Hosting;

/// <summary>A master in a .NET host.</summary>
public static class SessionMasterServices
{
    /// <summary>
    /// Adds a <see cref="SessionMaster"/> that serves while the host runs. Register an <see cref="AccessManager"/> of your
    /// own before to decide about sessions; <see cref="SessionMasterHost.Master"/> is the running master.
    /// </summary>
    public static IServiceCollection AddSessionMaster(
        this IServiceCollection services, Action<SessionMasterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.Configure(configure);
        services.TryAddSingleton<AccessManager>();
        services.AddSingleton<SessionMasterHost>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionMasterHost>());
        return services;
    }
}
