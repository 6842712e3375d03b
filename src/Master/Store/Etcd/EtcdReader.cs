using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Etcdserverpb;
using Mvccpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master.Store.Records;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Reads all sessions page by page, so that memory holds two pages beside what is made of them: while one is taken in, the
/// next is on its way.
/// </summary>
internal sealed class EtcdReader(EtcdConnection etcd, ILogger logger)
{
    private const int PageTimeoutMs = 10 * Limits.EtcdRequestMs;

    private readonly ByteString _end = EtcdKeys.EndOf(etcd.Keys.Sessions);
    private int _keysPerPage = Limits.EtcdMostKeysPerPage;

    /// <summary>All puts, in order of the keys: a session's own first.</summary>
    /// <param name="revision">Of etcd, at which everything is read; 0: as it is, for whom nobody changes it meanwhile.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionException">Store*, while it is read.</exception>
    internal IEnumerable<StoreChange> Read(long revision, CancellationToken cancellation)
    {
        long read = 0;
        Stopwatch sinceSaid = Stopwatch.StartNew();
        Task<RangeResponse> next = FetchAsync(etcd.Keys.Sessions, revision, cancellation);
        while (true)
        {
            RangeResponse page = next.GetAwaiter().GetResult();
            if (page.More)
            {
                // The key after the last one.
                next = FetchAsync(
                    ByteString.CopyFrom([.. page.Kvs[^1].Key.Span, 0]), revision, cancellation);
            }

            foreach (KeyValue pair in page.Kvs)
            {
                yield return RecordText.ReadPut(pair.Value.Span, $"key {pair.Key.ToStringUtf8()} in etcd");
            }

            read += page.Kvs.Count;
            if (!page.More)
            {
                break;
            }

            if (sinceSaid.ElapsedMilliseconds >= Limits.ProgressMs)
            {
                // Count is what lies beyond the page's start.
                MasterLog.Loading(logger, read, read - page.Kvs.Count + page.Count);
                sinceSaid.Restart();
            }
        }
    }

    private Task<RangeResponse> FetchAsync(ByteString from, long revision, CancellationToken cancellation) =>
        Task.Run(() => Fetch(from, revision, cancellation), CancellationToken.None);

    private RangeResponse Fetch(ByteString from, long revision, CancellationToken cancellation)
    {
        while (true)
        {
            RangeRequest request = new() { Key = from, RangeEnd = _end, Limit = _keysPerPage, Revision = revision };
            try
            {
                return etcd.Ask(
                    (client, headers, patience) => client.Get(request, headers, null, patience), PageTimeoutMs, cancellation);
            }
            catch (SessionException failure) when (
                _keysPerPage > 1 && failure.InnerException is RpcException error &&
                EtcdFailures.Of(error) == EtcdFailure.AnswerTooLarge)
            {
                // Large values: half as many at a time, down to one, which fits.
                _keysPerPage = (_keysPerPage + 1) / 2;
            }
        }
    }
}
