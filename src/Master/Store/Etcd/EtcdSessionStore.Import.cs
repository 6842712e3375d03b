using System.Linq;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Master.Store.Records;
using Mvccpb;

namespace Interop.Sessions.Master.Store.Etcd;

/// <content>An import, which takes several transactions: what is left of one that is killed looks like a cluster, and is none.</content>
internal sealed partial class EtcdSessionStore
{
    /// <summary>
    /// Begins a leadership as <see cref="Lead"/> does, which fills the store with one commit. From here on the state says that an
    /// import is under way, and the last transaction of that commit takes the word back. What an interrupted import has left is
    /// removed first.
    /// </summary>
    /// <remarks>
    /// Of two imports at once the later one changes the state that the earlier one compares, before it removes anything: so
    /// nothing that the earlier one has sent is taken any more, however late it arrives.
    /// </remarks>
    /// <exception cref="SessionException">InvalidArgument: a whole cluster is there, which stays as it is; or as of Lead.</exception>
    internal StoreSnapshot BeginImport(LeadRequest request)
    {
        KeyValue? stored = FindState();
        StateRecord former = stored == null ? NewState() : StateOf(stored.Value, _etcd.Keys, isImport: true);
        bool isInterrupted = former.StoreFormat.IsImporting;
        EtcdReader reader = new(_etcd, _logger);
        if (!isInterrupted && reader.Read(revision: 0, _abandoned).Any())
        {
            throw StoreTexts.NotEmpty(Name);
        }

        StoreSnapshot begun = Begin(stored, former, request, isImport: true);
        if (isInterrupted)
        {
            MasterLog.ImportBeginsAnew(_logger, _etcd.Keys.Prefix);
            RemoveAll(reader);
        }

        return begun with { Content = [] };
    }

    // No other keys than those that a master reads: another cluster's prefix may lie below this one.
    private void RemoveAll(EtcdReader reader)
    {
        try
        {
            foreach ((ByteString start, ByteString end) in reader.Ranges)
            {
                RangeRequest page = new() { Key = start, RangeEnd = end, KeysOnly = true, Limit = Limits.EtcdAssignmentsPerTransaction };
                while (RemovePage(page))
                {
                    // What was the second page is the first one now.
                }
            }
        }
        finally
        {
            _progress.Reset();
        }
    }

    // The state stays marked meanwhile: an import that is killed here has left less than it found, and the next one begins anew.
    private bool RemovePage(RangeRequest request)
    {
        RangeResponse page = _etcd.Ask(
            (client, headers, cancellation) => client.Get(request, headers, null, cancellation), Limits.EtcdPageMs, _abandoned);
        if (page.Kvs.Count == 0)
        {
            return false;
        }

        EtcdTransaction transaction = new(_etcd.Keys, _limits);
        transaction.RemoveSome(page.Kvs[0].Key, page.Kvs[^1].Key);
        _progress.Begin(_etcd.Time.NowNs);
        Execute(transaction, _state! with { Transactions = _state.Transactions + 1 }, isDivisible: false, _abandoned);
        return page.More;
    }
}
