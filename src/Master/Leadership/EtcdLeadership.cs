using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Leadership;

/// <summary>
/// The election among masters: the master that creates the leader key leads while the key's lease lasts. <see cref="LeaderKey"/> says
/// what follows from what etcd answers; here it is asked.
/// </summary>
/// <remarks>
/// Not by etcd's LeaseKeepAlive: a member that has been deposed and does not know it answers that alone
/// (github.com/etcd-io/etcd/issues/15247). A grant and a write go through the quorum.
/// </remarks>
internal sealed class EtcdLeadership : ILeadership
{
    private readonly EtcdConnection _etcd;
    private readonly EtcdOptions _options;
    private readonly string _address;
    private readonly uint _rateBoundPpm;
    private readonly WriteProgress _progress;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _ending = new();
    private Thread? _renewing;

    /// <summary>Of the leadership that was won last.</summary>
    private volatile LeaderKey _key;
    private volatile bool _isOver;
    private volatile string? _trouble;

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
        _key = NewKey();
        Compaction = new EtcdCompaction(etcd, options.CompactAfterMinutes, logger);
    }

    public bool IsElected => true;

    public bool IsOver => _isOver;

    public int Interruptions => _key.Lease.Interruptions;

    public string? Hint { get; private set; }

    public string? Trouble => _trouble;

    public long PredecessorNs => Predecessor.OfKey(_options.LeaderTermMs, _rateBoundPpm);

    public ulong GivenEpoch => 0;

    /// <summary>Of what its renewals leave behind.</summary>
    internal EtcdCompaction Compaction { get; }

    /// <summary>What every transaction of this leadership compares.</summary>
    internal Compare Fence => Is(Compare.Types.CompareTarget.Create, _key.CreateRevision);

    // A request that takes longer says nothing in time for the next.
    private int RequestMs => Math.Min(Limits.EtcdRequestMs, (int)_options.LeaderTermMs / 4);

    // For errors: what is too small for this etcd.
    private string RequestLimit => RequestMs < Limits.EtcdRequestMs ? $" (a quarter of leader_term_ms, {_options.LeaderTermMs})" : "";

    public bool MayAct(long nowNs) => _key.Lease.MayAct(nowNs);

    public bool TryWin()
    {
        RangeResponse found = _etcd.Ask(
            (client, headers, cancellation) => client.Get(new RangeRequest { Key = _etcd.Keys.Leader }, headers, null, cancellation),
            RequestMs, default, Limits.EtcdCandidateConnectMs, RequestLimit);
        if (found.Kvs.FirstOrDefault() is { } leader)
        {
            if (!_key.IsOwn(AsFound(leader)))
            {
                Hint = HintOf(leader);
                return false;
            }

            // The key of this master's own earlier leadership, which it could not delete when it resigned: no master has to
            // wait for the key's end.
            DeleteLeader();
        }

        long sentNs = _etcd.Time.NowNs;
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

        _key.Lease.End();
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
        LeaderKey key = NewKey();
        key.Created(leaseId, createRevision, sentNs, _etcd.Time.NowNs);
        _isOver = false;
        _trouble = null;
        Hint = null;
        _progress.Reset();
        _key = key;
        Thread renewing = OwnThread.New("sessions-lease", Renew);
        try
        {
            renewing.StartOrRefuse();
        }
        catch
        {
            // Otherwise no master leads until the lease has run out.
            key.Ends();
            DeleteLeader();
            throw;
        }

        _renewing = renewing;
    }

    private void Renew()
    {
        try
        {
            bool isProlonged = true;
            while (!_isOver && !_etcd.Time.Wait(_ending, _key.PauseMs(isProlonged)))
            {
                isProlonged = IsRenewed(_etcd.Time.NowNs);
            }
        }
        catch (Exception error)
        {
            // What this thread has left undone is not known: another tenure begins from the start, with another thread.
            EndAfter(error);
        }
    }

    private bool IsRenewed(long sentNs)
    {
        try
        {
            long stalledNs = _progress.StalledNs(sentNs);
            if (!_key.MayProlong(stalledNs))
            {
                long stalledMs = Ns.ToMs(stalledNs);
                NoteTrouble("a write waits for the store", () => MasterLog.LeadershipWithheld(_logger, stalledMs));
                return false;
            }

            return IsMoved(sentNs);
        }
        catch (SessionException failure)
        {
            long leftMs = Ns.ToMs(_key.Lease.DeadlineNs - _etcd.Time.NowNs);
            NoteTrouble(failure.Message, () => MasterLog.LeadershipNotRenewed(_logger, leftMs, failure.Message));
        }

        return false;
    }

    // Only the first of many failures is logged; that the lease ran out is logged by the thread that acts on it.
    private void NoteTrouble(string what, Action say)
    {
        if (Interlocked.Exchange(ref _trouble, what) == null && _key.Lease.MayAct(_etcd.Time.NowNs))
        {
            say();
        }
    }

    private bool IsMoved(long sentNs)
    {
        long leaseId = GrantLease();
        _key.Moves(leaseId);
        TxnResponse answer = PutLeader([Fence, Is(Compare.Types.CompareTarget.Lease, _key.LeaseId)], leaseId);
        if (answer.Succeeded)
        {
            _key.Moved(leaseId, sentNs, _etcd.Time.NowNs);
            _trouble = null;
            Compaction.Note(sentNs, answer.Header.Revision);
            return true;
        }

        KeyValue? leader = answer.Responses[0].ResponseRange.Kvs.FirstOrDefault();
        if (!_key.IsStill(leader == null ? null : AsFound(leader)))
        {
            End(leader == null
                ? $"key {_etcd.Keys.Leader.ToStringUtf8()} in etcd is gone"
                : $"key {_etcd.Keys.Leader.ToStringUtf8()} in etcd is another's, {Printable(leader)}");
        }

        return false;
    }

    private LeaderKey NewKey() => new(_options.LeaderTermMs, _rateBoundPpm);

    private static FoundKey AsFound(KeyValue leader) => new(leader.CreateRevision, leader.Lease);

    /// <summary>The master no longer acts, first of all; then every thread that asks learns that the leadership is over.</summary>
    private void End(string why)
    {
        _key.Ends();
        _trouble = why;
        _isOver = true;
    }

    // The lease first, as that needs no memory; the others see that it is over when the reason is there for them, if it can be.
    private void EndAfter(Exception unexpected)
    {
        _key.Ends();
        try
        {
            _trouble = EtcdDial.Describe(unexpected);
        }
        catch (Exception)
        {
            // There is no memory for a reason; the line below has it, if there is any for that.
        }

        _isOver = true;
        LastCatch.Tell(_logger, "sessions-lease", unexpected);
    }

    /// <summary>Which master leads. A key that never ends by itself is no master's: without an error no master would ever lead again.</summary>
    private string? HintOf(KeyValue leader)
    {
        if (leader.Lease == 0)
        {
            string key = _etcd.Keys.Leader.ToStringUtf8();
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"key {key} in etcd has no lease, so somebody wrote it by hand ({Printable(leader)}), and it never ends: if no " +
                $"master leads, delete it (etcdctl del {key})")
            {
                IsPassing = true,
            };
        }

        string address = leader.Value.ToStringUtf8();
        return EtcdOptions.IsHostAndPort(address) ? address : null;
    }

    private static string Printable(KeyValue leader)
    {
        string text = Interop.Sessions.Printable.Of(leader.Value.ToStringUtf8());
        return $"'{(text.Length <= Limits.MaxEndpointBytes ? text : text[..Limits.MaxEndpointBytes])}'";
    }

    private long GrantLease() => _etcd.Ask(
        (client, headers, cancellation) => client.LeaseGrant(
            new LeaseGrantRequest { TTL = _options.LeaderTermMs / 1000 }, headers, null, cancellation),
        RequestMs, default, limit: RequestLimit).ID;

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
                (client, headers, cancellation) => client.Transaction(request, headers, null, cancellation), RequestMs,
                default, limit: RequestLimit);
        }
        catch (RpcException error)
        {
            throw _etcd.ToSessionException(error);
        }
    }

    /// <summary>
    /// Revokes the leases, as far as it can: otherwise they run out by themselves. With its lease the key goes, and no other
    /// master's: the key hangs on one of these leases, if it is there.
    /// </summary>
    private void DeleteLeader()
    {
        foreach (long leaseId in _key.Leases)
        {
            if (!TryRevoke(leaseId, out string? failure))
            {
                MasterLog.LeaderKeyNotDeleted(_logger, failure);
                return;
            }
        }
    }

    /// <summary>As far as it can: else it runs out by itself.</summary>
    private void RevokeLease(long leaseId)
    {
        if (!TryRevoke(leaseId, out string? failure))
        {
            MasterLog.LeaseNotRevoked(_logger, failure);
        }
    }

    private bool TryRevoke(long leaseId, [NotNullWhen(false)] out string? failure)
    {
        try
        {
            _etcd.Ask(
                (client, headers, cancellation) => client.LeaseRevoke(
                    new LeaseRevokeRequest { ID = leaseId }, headers, null, cancellation),
                RequestMs, default);
            failure = null;
            return true;
        }
        catch (SessionException error)
        {
            failure = error.Message;
            // The lease has run out already.
            return error.InnerException is RpcException { StatusCode: StatusCode.NotFound };
        }
    }

    private Compare Is(Compare.Types.CompareTarget target, long number)
    {
        Compare compare = new() { Key = _etcd.Keys.Leader, Target = target, Result = Compare.Types.CompareResult.Equal };
        if (target == Compare.Types.CompareTarget.Lease)
        {
            compare.Lease = number;
        }
        else
        {
            compare.CreateRevision = number;
        }

        return compare;
    }
}
