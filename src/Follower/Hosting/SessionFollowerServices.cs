using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>Followers in a .NET host.</summary>
public static class SessionFollowerServices
{
    /// <summary>
    /// Adds a <see cref="SessionFollower"/> that gets its session in the background when the host starts and gives it back
    /// when the host stops. Register a <see cref="FollowerCallbacks"/> of your own to hear of it, and hosted services that serve under
    /// its lease after it: they are stopped before it.
    /// </summary>
    /// <exception cref="ArgumentException">There is one already: give the others names.</exception>
    public static IServiceCollection AddSessionFollower(
        this IServiceCollection services, Action<SessionFollowerHostOptions> configure)
    {
        Add(services, Options.DefaultName, configure);
        services.TryAddSingleton<FollowerCallbacks>();
        services.AddSingleton(provider => FollowerOf(provider, Options.DefaultName));
        return services;
    }

    /// <summary>
    /// The same for one of several followers: name is the key of its <see cref="SessionFollower"/>, of the
    /// <see cref="FollowerCallbacks"/> that you register for it, if any, and the name of its options.
    /// </summary>
    /// <exception cref="ArgumentException">There is one of this name already.</exception>
    public static IServiceCollection AddSessionFollower(
        this IServiceCollection services, string name, Action<SessionFollowerHostOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Add(services, name, configure);
        return services;
    }

    /// <summary>
    /// Adds the health of a follower: healthy while ALIVE, degraded while SUSPECT, and otherwise unhealthy, or what
    /// <paramref name="failureStatus"/> says.
    /// </summary>
    /// <param name="builder">Of AddHealthChecks.</param>
    /// <param name="name">Of the follower; null: the one without a name.</param>
    /// <param name="checkName">Of the check; null: "session", and the follower's name.</param>
    /// <param name="failureStatus">Without a lease; null: unhealthy.</param>
    /// <param name="tags">Of the check.</param>
    public static IHealthChecksBuilder AddSessionFollower(
        this IHealthChecksBuilder builder, string? name = null, string? checkName = null,
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string follower = name ?? Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            checkName ?? (follower.Length == 0 ? "session" : $"session-{follower}"),
            provider => new SessionFollowerHealthCheck(FollowerOf(provider, follower)), failureStatus, tags));
    }

    private static void Add(IServiceCollection services, string name, Action<SessionFollowerHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(one => one.ServiceType == typeof(SessionFollowerHost) && name.Equals(one.ServiceKey)))
        {
            throw new ArgumentException(
                name.Length == 0
                    ? "a session follower was added already; give each further one a name"
                    : $"a session follower of the name '{name}' was added already", nameof(name));
        }

        services.AddLogging();
        services.AddOptions<SessionFollowerHostOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SessionFollowerHostOptions>, SessionFollowerHostValidation>());
        services.AddKeyedSingleton(name, (provider, _) => new SessionFollowerHost(
            provider.GetRequiredService<IOptionsMonitor<SessionFollowerHostOptions>>().Get(name),
            provider.GetRequiredService<ILoggerFactory>(), CallbacksOf(provider, name)));
        services.AddKeyedSingleton(name, (provider, _) => FollowerOf(provider, name));

        // Not AddHostedService, which adds one of a type.
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<SessionFollowerHost>(name));
    }

    private static SessionFollower FollowerOf(IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<SessionFollowerHost>(name).Follower;

    private static FollowerCallbacks CallbacksOf(IServiceProvider provider, string name) => name.Length == 0
        ? provider.GetRequiredService<FollowerCallbacks>()
        : provider.GetKeyedService<FollowerCallbacks>(name) ?? new FollowerCallbacks();
}
