using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Reads all sessions, then all ends and all drains, page by page, so that memory holds two pages beside what is made of them: while
/// one is taken in, the next is on its way.
/// </summary>
/// <remarks>
/// In parts by the first digit of the session ids, which are random: etcd looks at all keys of a range for each of its
/// pages (3.4: mvcc/index.go, Revisions).
/// </remarks>
internal sealed class EtcdReader(EtcdConnection etcd, ILogger logger)
{
    private const string FirstDigits = "0123456789abcdef";

    /// <summary>Behind the last part of the sessions.</summary>
    private const int EndsPart = 16;
    private const int DrainsPart = EndsPart + 1;
    private const int Parts = DrainsPart + 1;

    private int _keysPerPage = Limits.EtcdMostKeysPerPage;

    /// <summary>Where all lies that is read: the first key of each part, and the end of the part.</summary>
    internal IEnumerable<(ByteString Start, ByteString End)> Ranges =>
        Enumerable.Range(0, Parts).Select(part => (StartOf(part), EndOf(part)));

    /// <summary>All puts, in order of the keys: a session's own first.</summary>
    /// <param name="revision">
    /// Of etcd, at which everything is read; 0: as etcd is now, for a caller that knows that no master writes meanwhile.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionException">Store*, while it is read.</exception>
    internal IEnumerable<StoreChange> Read(long revision, CancellationToken cancellation)
    {
        EtcdContentCheck content = new(etcd.Keys);
        foreach (KeyValue pair in ReadPairs(revision, cancellation))
        {
            if (content.Read(pair) is { } put)
            {
                yield return put;
            }
        }
    }

    /// <summary>As <see cref="Read"/>, whatever the values mean.</summary>
    internal IEnumerable<KeyValue> ReadPairs(long revision, CancellationToken cancellation)
    {
        long read = 0;
        Stopwatch sinceSaid = Stopwatch.StartNew();
        Place next = new(0, StartOf(0));
        Task<RangeResponse>? fetching = FetchAsync(next, revision, cancellation);
        while (fetching != null)
        {
            int part = next.Part;
            RangeResponse page = fetching.GetAwaiter().GetResult();
            next = After(page, part);
            fetching = next.Part == Parts ? null : FetchAsync(next, revision, cancellation);
            foreach (KeyValue pair in page.Kvs)
            {
                yield return pair;
            }

            read += page.Kvs.Count;
            if (sinceSaid.ElapsedMilliseconds >= Limits.ProgressMs)
            {
                MasterLog.Loading(logger, read, part + 1, Parts);
                sinceSaid.Restart();
            }
        }
    }

    private ByteString StartOf(int part) => part switch
    {
        DrainsPart => etcd.Keys.Drains,
        EndsPart => etcd.Keys.Ends,
        _ => EtcdKeys.Append(etcd.Keys.Sessions, FirstDigits[part]),
    };

    private ByteString EndOf(int part) => part switch
    {
        DrainsPart => EtcdKeys.EndOf(etcd.Keys.Drains),
        EndsPart => EtcdKeys.EndOf(etcd.Keys.Ends),
        EndsPart - 1 => EtcdKeys.EndOf(etcd.Keys.Sessions),
        _ => StartOf(part + 1),
    };

    // The key after the last one, or the next part.
    private Place After(RangeResponse page, int part) => page.More ? new Place(part, EtcdKeys.Append(page.Kvs[^1].Key, '\0'))
        : part + 1 < Parts ? new Place(part + 1, StartOf(part + 1))
        : new Place(part + 1, ByteString.Empty);

    private Task<RangeResponse> FetchAsync(Place place, long revision, CancellationToken cancellation) =>
        Task.Run(() => Fetch(place, revision, cancellation), CancellationToken.None);

    private RangeResponse Fetch(Place place, long revision, CancellationToken cancellation)
    {
        while (true)
        {
            RangeRequest request = new() { Key = place.From, RangeEnd = EndOf(place.Part), Limit = _keysPerPage, Revision = revision };
            try
            {
                return etcd.Ask(
                    (client, headers, patience) => client.Get(request, headers, null, patience), Limits.EtcdPageMs, cancellation);
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

    /// <summary>Where a page begins.</summary>
    private readonly record struct Place(int Part, ByteString From);
}
