using System.Threading.Tasks;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Lets etcd forget its history, once an interval, up to a revision that is an interval old: a leader that only renews its
/// lease fills an etcd that is never compacted in some months.
/// </summary>
/// <remarks>Told by one thread; the work is done on others, since the lease must not wait for it.</remarks>
internal sealed class EtcdCompaction(EtcdConnection etcd, uint afterMinutes, ILogger logger)
{
    private long _notedNs;
    private bool _hasWarned;

    /// <summary>The revision that is compacted to next; 0: none is known.</summary>
    internal long Noted { get; private set; }

    /// <summary>The latest compaction.</summary>
    internal Task Latest { get; private set; } = Task.CompletedTask;

    /// <summary>etcd had a revision at a time.</summary>
    internal void Note(long nowNs, long revision)
    {
        if (afterMinutes == 0 || (Noted > 0 && nowNs - _notedNs < 60 * Ns.PerSecond * afterMinutes))
        {
            return;
        }

        long former = Noted;
        (Noted, _notedNs) = (revision, nowNs);
        if (former > 0 && former < revision)
        {
            Latest = Task.Run(() => Compact(former, revision - former));
        }
    }

    private void Compact(long revision, long grown)
    {
        try
        {
            etcd.Ask(
                (client, headers, cancellation) =>
                    client.Compact(new CompactionRequest { Revision = revision }, headers, null, cancellation),
                Limits.EtcdRequestMs, default);
            MasterLog.Compacted(logger, revision);
            _hasWarned = false;
        }
        catch (SessionException failure) when (
            failure.InnerException is RpcException error && EtcdFailures.Of(error) == EtcdFailure.Compacted)
        {
            // Somebody else sees to it.
        }
        catch (SessionException failure)
        {
            if (!_hasWarned)
            {
                MasterLog.NotCompacted(logger, grown, afterMinutes, failure.Message);
            }

            _hasWarned = true;
        }
    }
}
