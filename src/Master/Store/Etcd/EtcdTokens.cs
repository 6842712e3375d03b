using System.Threading;
using System.Threading.Tasks;
using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>What a request shows of its user; each authentication makes another one.</summary>
/// <param name="text">Null: this etcd does not ask for a user.</param>
internal sealed class EtcdToken(string? text)
{
    /// <summary>The headers of a request.</summary>
    internal Metadata Headers => text == null ? [] : new Metadata { { "token", text } };
}

/// <summary>
/// The token of all requests. Threads share the token, so a thread whose token was refused takes away that very token, and
/// never the one that another thread has got meanwhile.
/// </summary>
internal sealed class EtcdTokens(EtcdOptions options, EtcdCredentials credentials, BootTime time)
{
    private EtcdToken? _current = options.Username.Length == 0 ? new EtcdToken(null) : null;
    private volatile Refusal? _refusal;

    /// <summary>Null: it must be asked for.</summary>
    internal EtcdToken? Current => Volatile.Read(ref _current);

    /// <summary>Is there anything to show when etcd asks?</summary>
    internal bool CanAsk => options.Username.Length > 0;

    /// <summary>etcd no longer takes a token.</summary>
    internal void Refuse(EtcdToken refused) => Interlocked.CompareExchange(ref _current, null, refused);

    /// <summary>
    /// Authenticates. An authentication that etcd has just refused is not asked for again at once: etcd spends a tenth of a
    /// second on each.
    /// </summary>
    /// <exception cref="RpcException">As etcd or the way to it failed.</exception>
    internal async Task<EtcdToken> AskAsync(EtcdClient client, CancellationToken cancellation)
    {
        if (_refusal is { } former && time.NowNs < former.EndNs)
        {
            throw new RpcException(former.Status);
        }

        AuthenticateRequest request = new() { Name = options.Username, Password = credentials.ReadPassword() };
        EtcdToken token;
        try
        {
            AuthenticateResponse answer = await client.AuthenticateAsync(request, null, null, cancellation).ConfigureAwait(false);
            token = new EtcdToken(answer.Token);
        }
        catch (RpcException error) when (EtcdFailures.IsWithoutUsers(error))
        {
            token = new EtcdToken(null);
        }
        catch (RpcException error) when (EtcdFailures.Of(error) == EtcdFailure.Refused)
        {
            _refusal = new Refusal(error.Status, time.NowNs + Ns.FromMs(Limits.EtcdTokenRetryMs));
            throw;
        }

        Volatile.Write(ref _current, token);
        return token;
    }

    private sealed record Refusal(Status Status, long EndNs);
}
