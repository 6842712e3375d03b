using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>A follower in a .NET host.</summary>
public static class SessionFollowerServices
{
    /// <summary>
    /// Adds a <see cref="SessionFollower"/> that gets its session in the background when the host starts and gives it back
    /// when the host stops. Register a <see cref="FollowerCallbacks"/> of your own before to hear of it.
    /// </summary>
    public static IServiceCollection AddSessionFollower(
        this IServiceCollection services, Action<SessionFollowerHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.Configure(configure);
        services.TryAddSingleton<FollowerCallbacks>();
        services.AddSingleton<SessionFollowerHost>();
        services.AddSingleton(provider => provider.GetRequiredService<SessionFollowerHost>().Follower);
        services.AddHostedService(provider => provider.GetRequiredService<SessionFollowerHost>());
        return services;
    }
}
