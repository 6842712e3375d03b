using System;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
