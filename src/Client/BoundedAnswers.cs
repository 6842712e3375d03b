using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf.Reflection;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Client;

/// <summary>
/// Looks at what each message of an answer says of its own length before gRPC does, which makes an array of it: a master that lies would
/// have a follower take the memory of its largest list for any answer.
/// </summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly Dictionary<string, (string Name, int MostBytes)> s_answers = new[]
    {
        Protocol.V1.Sessions.Descriptor, Administration.Descriptor,
    }.SelectMany(service => service.Methods).ToDictionary(
        method => $"/{method.Service.FullName}/{method.Name}", BoundOf, StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        (string name, int mostBytes) = s_answers.GetValueOrDefault(request.RequestUri!.AbsolutePath, ("the answer", MessageBounds.Usual));
        response.Content = new BoundedContent(response.Content, name, mostBytes);
        return response;
    }

    private static (string Name, int MostBytes) BoundOf(MethodDescriptor method) =>
        (method.OutputType.Name, MessageBounds.Of(method.OutputType.ClrType));

    private sealed class BoundedContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly string _name;
        private readonly int _mostBytes;

        internal BoundedContent(HttpContent content, string name, int mostBytes)
        {
            (_content, _name, _mostBytes) = (content, name, mostBytes);
            foreach ((string header, IEnumerable<string> values) in content.Headers)
            {
                Headers.TryAddWithoutValidation(header, values);
            }
        }

        protected override async Task<Stream> CreateContentReadStreamAsync() =>
            new BoundedStream(await _content.ReadAsStreamAsync().ConfigureAwait(false), _name, _mostBytes);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            new BoundedStream(await _content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _name, _mostBytes);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _content.CopyToAsync(stream, context);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
