using System;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>A service whose messages are bounded by their kind (<see cref="MessageBounds"/>): gRPC itself has one bound for all.</summary>
/// <typeparam name="TService">What answers; one for all calls.</typeparam>
/// <param name="bind">The generated BindService, with what answers.</param>
internal sealed class BoundedService<TService>(Action<ServiceBinderBase> bind)
{
    /// <summary>Tells gRPC the methods of a service; it finds none by itself, as this class has no generated base.</summary>
    internal sealed class Methods(BoundedService<TService> service) : IServiceMethodProvider<BoundedService<TService>>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<BoundedService<TService>> context) =>
            service.Bind(context);
    }

    private void Bind(ServiceMethodProviderContext<BoundedService<TService>> context) => bind(new Binder(context));

    private sealed class Binder(ServiceMethodProviderContext<BoundedService<TService>> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            context.AddUnaryMethod(MessageBounds.Bound(method), [], (_, request, call) => handler!(request, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddServerStreamingMethod(
                MessageBounds.Bound(method), [], (_, request, replies, call) => handler!(request, replies, call));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddDuplexStreamingMethod(
                MessageBounds.Bound(method), [], (_, requests, replies, call) => handler!(requests, replies, call));
    }
}
