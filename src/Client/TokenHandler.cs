using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Client;

/// <summary>Sends the token with every request over a channel, and with the stream of renewals as it opens.</summary>
internal sealed class TokenHandler(CallerToken token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Latest);
        return base.SendAsync(request, cancellationToken);
    }
}
