using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>Speaks the wire as a master does, and says what the test wants.</summary>
internal sealed class LyingMaster : Protocol.V1.Sessions.SessionsBase, IDisposable
{
    internal const uint TermMs = 3000;
    private readonly WebApplication _application;
    private int _sets;
    private int _streams;

    internal LyingMaster()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _application = builder.Build();
        _application.Use(next => context => OnRequest(context) ?? next(context));
        _application.UseRouting();
        _application.MapGrpcService<LyingMaster>();
        _application.StartAsync().GetAwaiter().GetResult();
        Address = new Uri(_application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
    }

    internal string Address { get; }

    internal int Port => int.Parse(Address.Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>What it answers instead of all that follows; null: nothing.</summary>
    internal Func<HttpContext, Task?> OnRequest { get; set; } = _ => null;

    /// <summary>What it makes of an honest answer to a create.</summary>
    internal Action<CreateSessionReply> OnCreate { get; set; } = _ => { };

    /// <summary>What it makes of an honest answer to renewals.</summary>
    internal Action<KeepAliveReply> OnKeepAlive { get; set; } = _ => { };

    /// <summary>What it does with a change of an item, of which it is the so many-th, before it answers that it is made.</summary>
    internal Func<int, ServerCallContext, Task> OnSetItem { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What it does when a session is given back.</summary>
    internal Action OnClose { get; set; } = () => { };

    internal int Sets => _sets;

    internal int Streams => _streams;

    internal ConcurrentQueue<CreateSessionRequest> Creates { get; } = new();

    internal ConcurrentQueue<KeepAliveRequest> KeepAlives { get; } = new();

    internal ConcurrentQueue<CloseSessionRequest> Closes { get; } = new();

    public override Task<CreateSessionReply> CreateSession(CreateSessionRequest request, ServerCallContext context)
    {
        Creates.Enqueue(request);
        CreateSessionReply reply = new()
        {
            SessionId = 1,
            Epoch = 1,
            Nonce = request.Nonce,
            MasterEpoch = 1,
            TermMs = TermMs,
            RenewalIntervalMs = TermMs / 6,
        };
        OnCreate(reply);
        return Task.FromResult(reply);
    }

    public override Task<CloseSessionReply> CloseSession(CloseSessionRequest request, ServerCallContext context)
    {
        Closes.Enqueue(request);
        OnClose();
        return Task.FromResult(new CloseSessionReply());
    }

    public override async Task<SetItemReply> SetItem(SetItemRequest request, ServerCallContext context)
    {
        await OnSetItem(Interlocked.Increment(ref _sets), context);
        return new SetItemReply { Revision = 7 };
    }

    public override async Task<ApplyItemsReply> ApplyItems(ApplyItemsRequest request, ServerCallContext context)
    {
        await OnSetItem(Interlocked.Increment(ref _sets), context);
        return new ApplyItemsReply { Revision = 7 };
    }

    public override async Task KeepAlive(
        IAsyncStreamReader<KeepAliveRequest> requestStream, IServerStreamWriter<KeepAliveReply> responseStream,
        ServerCallContext context)
    {
        Interlocked.Increment(ref _streams);
        await foreach (KeepAliveRequest request in requestStream.ReadAllAsync())
        {
            KeepAlives.Enqueue(request);
            KeepAliveReply reply = new() { BatchId = request.BatchId, MasterEpoch = 1 };
            reply.Renewals.AddRange(request.Renewals.Select(key => new Renewal
            {
                SessionId = key.SessionId,
                Epoch = key.Epoch,
                Nonce = key.Nonce,
                TermMs = TermMs,
            }));
            OnKeepAlive(reply);
            await responseStream.WriteAsync(reply);
        }
    }

    /// <summary>From now on it leads no more, and names who does.</summary>
    internal void StandBy(string hint)
    {
        OnCreate = _ => throw Refusal(SessionStatus.NotLeader, hint: hint);
        OnSetItem = (_, _) => throw Refusal(SessionStatus.NotLeader, hint: hint);
        OnKeepAlive = reply =>
        {
            reply.LeaderHint = hint;
            foreach (Renewal renewal in reply.Renewals)
            {
                renewal.Status = Protocol.V1.Status.NotLeader;
            }
        };
    }

    /// <summary>What a master throws that answers so.</summary>
    internal static RpcException Refusal(SessionStatus status, string? hint = null, uint retryAfterMs = 0) =>
        StatusOnTheWire.ToRpc(new SessionException(status, $"the test says {status}")
        {
            LeaderHint = hint,
            RetryAfterMs = retryAfterMs,
        });

    public void Dispose() => ((IDisposable)_application).Dispose();
}
