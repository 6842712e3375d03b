using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Lease;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The election among masters: whoever creates the leader key leads while its lease lasts. The lease is renewed by moving
/// the key to a new one, in a transaction that compares the key's create revision.
/// </summary>
/// <remarks>
/// Not by etcd's LeaseKeepAlive: a member that has been deposed and does not know it answers that alone
/// (github.com/etcd-io/etcd/issues/15247). A grant and a write go through the quorum.
/// </remarks>
internal sealed class EtcdLeadership : ILeadership
{
    private const int RenewalsPerTerm = 6;

    private readonly EtcdConnection _etcd;
    private readonly EtcdOptions _options;
    private readonly string _address;
    private readonly uint _rateBoundPpm;
    private readonly WriteProgress _progress;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _ending = new();
    private volatile LeadershipLease _lease;
    private Thread? _renewing;
    private long _leaseId;
    private long _createRevision;

    /// <summary>Of the leader key, as far as it is known: a renewal that was long on its way must not move the key back.</summary>
    private long _modRevision;
    private volatile bool _isOver;

    /// <param name="etcd">The cluster.</param>
    /// <param name="options">Its term.</param>
    /// <param name="address">Where followers find this master.</param>
    /// <param name="rateBoundPpm">rho.</param>
    /// <param name="progress">Of the store's own writes.</param>
    /// <param name="logger">Where failures go.</param>
    internal EtcdLeadership(
        EtcdConnection etcd, EtcdOptions options, string address, uint rateBoundPpm, WriteProgress progress, ILogger logger)
    {
        _etcd = etcd;
        _options = options;
        _address = address;
        _rateBoundPpm = rateBoundPpm;
        _progress = progress;
        _logger = logger;
        _lease = new LeadershipLease(rateBoundPpm);
    }

    public bool IsElected => true;

    public bool IsOver => _isOver;

    public int Interruptions => _lease.Interruptions;

    public string? Hint { get; private set; }

    public long PredecessorNs => 0;

    public ulong GivenEpoch => 0;

    /// <summary>What every transaction of this leadership compares.</summary>
    internal Compare Fence => Is(Compare.Types.CompareTarget.Create, _createRevision);

    private int RenewalMs => (int)(_options.LeaderTermMs / RenewalsPerTerm);

    // A request that takes longer says nothing in time for the next.
    private int RequestMs => Math.Min(Limits.EtcdRequestMs, (int)_options.LeaderTermMs / 4);

    public bool MayAct(long nowNs) => _lease.MayAct(nowNs);

    public bool TryWin()
    {
        RangeResponse found = _etcd.Ask(
            (client, headers, cancellation) => client.Get(new RangeRequest { Key = _etcd.Keys.Leader }, headers, null, cancellation),
            RequestMs, default);
        if (found.Kvs.FirstOrDefault() is { } leader)
        {
            if (leader.CreateRevision != _createRevision)
            {
                Hint = leader.Value.ToStringUtf8();
                return false;
            }

            // Its own of before, which it could not take away when it gave up: nobody has to wait for its end.
            DeleteLeader();
        }

        long sentNs = BootClock.NowNs;
        long leaseId = GrantLease();
        bool hasWon = false;
        try
        {
            TxnResponse answer = PutLeader([Is(Compare.Types.CompareTarget.Create, 0)], leaseId);
            hasWon = answer.Succeeded;
            if (hasWon)
            {
                Begin(leaseId, answer.Header.Revision, sentNs);
            }

            return hasWon;
        }
        finally
        {
            // After a failure it may have won and not know: without its lease the key goes.
            if (!hasWon)
            {
                RevokeLease(leaseId);
            }
        }
    }

    public void GiveUp()
    {
        if (_renewing == null)
        {
            return;
        }

        _lease.End();
        _ending.Set();
        _renewing.Join();
        _renewing = null;
        _ending.Reset();
        if (!_isOver)
        {
            // The others see at once that it is gone, and not after its term.
            DeleteLeader();
        }
    }

    public void Dispose()
    {
        GiveUp();
        _ending.Dispose();
    }

    private void Begin(long leaseId, long createRevision, long sentNs)
    {
        _leaseId = leaseId;
        _createRevision = createRevision;
        _modRevision = createRevision;
        _isOver = false;
        Hint = null;
        _progress.Reset();
        _lease = new LeadershipLease(_rateBoundPpm);
        _lease.Prolong(sentNs, _options.LeaderTermMs, BootClock.NowNs);
        _renewing = new Thread(Renew) { IsBackground = true, Name = "sessions-leader-lease" };
        _renewing.Start();
    }

    private void Renew()
    {
        while (!_ending.Wait(RenewalMs))
        {
            long sentNs = BootClock.NowNs;
            if (_progress.StalledNs(sentNs) > _options.LeaderTermMs * 500_000L)
            {
                // Another may find the store willing; who cannot write must not lead.
                MasterLog.LeadershipWithheld(_logger, _progress.StalledNs(sentNs) / 1_000_000);
                continue;
            }

            try
            {
                RenewOnce(sentNs);
                if (_isOver)
                {
                    _lease.End();
                    return;
                }
            }
            catch (SessionException failure)
            {
                MasterLog.LeadershipNotRenewed(
                    _logger, (_lease.DeadlineNs - BootClock.NowNs) / 1_000_000, failure.Message);
            }
        }
    }

    private void RenewOnce(long sentNs)
    {
        long leaseId = GrantLease();
        // After a failure the key hangs on the new lease or still on the old one; both run out by themselves.
        TxnResponse answer = PutLeader([Fence, Is(Compare.Types.CompareTarget.Mod, _modRevision)], leaseId);
        if (answer.Succeeded)
        {
            long former = _leaseId;
            _leaseId = leaseId;
            _modRevision = answer.Header.Revision;
            _lease.Prolong(sentNs, _options.LeaderTermMs, BootClock.NowNs);
            RevokeLease(former);
            return;
        }

        RevokeLease(leaseId);
        KeyValue? leader = answer.Responses[0].ResponseRange.Kvs.FirstOrDefault();
        _isOver = leader?.CreateRevision != _createRevision;
        // Else an earlier renewal did arrive, and only its answer was lost.
        _modRevision = leader?.ModRevision ?? 0;
    }

    private long GrantLease() => _etcd.Ask(
        (client, headers, cancellation) => client.LeaseGrant(
            new LeaseGrantRequest { TTL = _options.LeaderTermMs / 1000 }, headers, null, cancellation),
        RequestMs, default).ID;

    /// <summary>Puts the leader key with a lease if the compares hold; else gives the key as it is.</summary>
    private TxnResponse PutLeader(IEnumerable<Compare> compares, long leaseId)
    {
        TxnRequest request = new();
        request.Compare.AddRange(compares);
        request.Success.Add(new RequestOp
        {
            RequestPut = new PutRequest
            {
                Key = _etcd.Keys.Leader,
                Value = ByteString.CopyFromUtf8(_address),
                Lease = leaseId,
            },
        });
        request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = _etcd.Keys.Leader } });
        try
        {
            return _etcd.TryOnce(
                (client, headers, cancellation) => client.Transaction(request, headers, null, cancellation), RequestMs, default);
        }
        catch (RpcException error)
        {
            throw _etcd.ToSessionException(error);
        }
    }

    /// <summary>As far as it can: else the lease runs out by itself.</summary>
    private void DeleteLeader()
    {
        TxnRequest request = new();
        request.Compare.Add(Fence);
        request.Success.Add(new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = _etcd.Keys.Leader } });
        try
        {
            _etcd.Ask(
                (client, headers, cancellation) => client.Transaction(request, headers, null, cancellation), RequestMs, default);
            RevokeLease(_leaseId);
        }
        catch (SessionException failure)
        {
            MasterLog.LeaderKeyNotDeleted(_logger, failure.Message);
        }
    }

    /// <summary>As far as it can: else it runs out by itself.</summary>
    private void RevokeLease(long leaseId)
    {
        try
        {
            _etcd.Ask(
                (client, headers, cancellation) => client.LeaseRevoke(
                    new LeaseRevokeRequest { ID = leaseId }, headers, null, cancellation),
                RequestMs, default);
        }
        catch (SessionException failure)
        {
            MasterLog.LeaseNotRevoked(_logger, failure.Message);
        }
    }

    private Compare Is(Compare.Types.CompareTarget target, long revision)
    {
        Compare compare = new() { Key = _etcd.Keys.Leader, Target = target, Result = Compare.Types.CompareResult.Equal };
        if (target == Compare.Types.CompareTarget.Create)
        {
            compare.CreateRevision = revision;
        }
        else
        {
            compare.ModRevision = revision;
        }

        return compare;
    }
}
