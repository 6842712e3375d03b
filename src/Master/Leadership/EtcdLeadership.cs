using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Lease;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Leadership;

/// <summary>
/// The election among masters: the master that creates the leader key leads while the key's lease lasts. The lease is renewed
/// by moving the key to a new one, in a transaction that compares the key's create revision and its lease: revisions are
/// counted again after a restore of etcd, and another's key may have the number of one's own; lease ids are not counted.
/// </summary>
/// <remarks>
/// Not by etcd's LeaseKeepAlive: a member that has been deposed and does not know it answers that alone
/// (github.com/etcd-io/etcd/issues/15247). A grant and a write go through the quorum.
/// </remarks>
internal sealed class EtcdLeadership : ILeadership
{
    /// <summary>Each makes a revision of etcd; after a failure it is tried again sooner.</summary>
    private const int RenewalsPerTerm = 4;

    private const int AttemptsPerTerm = 12;

    private readonly EtcdConnection _etcd;
    private readonly EtcdOptions _options;
    private readonly string _address;
    private readonly uint _rateBoundPpm;
    private readonly WriteProgress _progress;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _ending = new();
    private volatile LeadershipLease _lease;
    private Thread? _renewing;

    /// <summary>The leases on which the own leader key may hang: the last that is known, and those whose answer is not.</summary>
    private readonly HashSet<long> _leases = [];

    /// <summary>The key's, as far as it is known: a renewal that was long on its way must not move the key back.</summary>
    private long _leaseId;
    private long _createRevision;
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
        _lease = new LeadershipLease(rateBoundPpm);
        Compaction = new EtcdCompaction(etcd, options.CompactAfterMinutes, logger);
    }

    public bool IsElected => true;

    public bool IsOver => _isOver;

    public int Interruptions => _lease.Interruptions;

    public string? Hint { get; private set; }

    public string? Trouble => _trouble;

    /// <summary>
    /// A leader whose key is gone before its time, by a restore of etcd or by hand, hears of that at its next renewal; until
    /// then it has promised what this master has not seen.
    /// </summary>
    public long PredecessorNs => LeaseArithmetic.PatienceNs(_options.LeaderTermMs, _rateBoundPpm);

    public ulong GivenEpoch => 0;

    /// <summary>Of what its renewals leave behind.</summary>
    internal EtcdCompaction Compaction { get; }

    /// <summary>What every transaction of this leadership compares.</summary>
    internal Compare Fence => Is(Compare.Types.CompareTarget.Create, _createRevision);

    private int RenewalMs => (int)(_options.LeaderTermMs / RenewalsPerTerm);

    private int RetryMs => (int)(_options.LeaderTermMs / AttemptsPerTerm);

    // A request that takes longer says nothing in time for the next.
    private int RequestMs => Math.Min(Limits.EtcdRequestMs, (int)_options.LeaderTermMs / 4);

    // For errors: what is too small for this etcd.
    private string RequestLimit => RequestMs < Limits.EtcdRequestMs ? $" (a quarter of leader_term_ms, {_options.LeaderTermMs})" : "";

    public bool MayAct(long nowNs) => _lease.MayAct(nowNs);

    public bool TryWin()
    {
        RangeResponse found = _etcd.Ask(
            (client, headers, cancellation) => client.Get(new RangeRequest { Key = _etcd.Keys.Leader }, headers, null, cancellation),
            RequestMs, default, Limits.EtcdCandidateConnectMs, RequestLimit);
        if (found.Kvs.FirstOrDefault() is { } leader)
        {
            if (!IsOwn(leader))
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
        HangsOn(leaseId);
        _createRevision = createRevision;
        _isOver = false;
        _trouble = null;
        Hint = null;
        _progress.Reset();
        _lease = new LeadershipLease(_rateBoundPpm);
        _lease.Prolong(sentNs, _options.LeaderTermMs, _etcd.Time.NowNs);
        Thread renewing = OwnThread.New("sessions-lease", Renew);
        try
        {
            renewing.StartOrRefuse();
        }
        catch
        {
            // Otherwise no master leads until the lease has run out.
            _lease.End();
            DeleteLeader();
            throw;
        }

        _renewing = renewing;
    }

    private void Renew()
    {
        try
        {
            int pauseMs = RenewalMs;
            while (!_isOver && !_etcd.Time.Wait(_ending, pauseMs))
            {
                pauseMs = IsRenewed(_etcd.Time.NowNs) ? RenewalMs : RetryMs;
            }
        }
        catch (Exception error)
        {
            End(error.Message);
            MasterLog.Unexpected(_logger, Thread.CurrentThread.Name!, error);
        }
    }

    private bool IsRenewed(long sentNs)
    {
        try
        {
            if (_progress.StalledNs(sentNs) > Ns.FromMs(_options.LeaderTermMs) / 2)
            {
                // Another may find the store willing; who cannot write must not lead.
                long stalledMs = Ns.ToMs(_progress.StalledNs(sentNs));
                NoteTrouble("a write waits for the store", () => MasterLog.LeadershipWithheld(_logger, stalledMs));
                return false;
            }

            return IsMoved(sentNs);
        }
        catch (SessionException failure)
        {
            long leftMs = Ns.ToMs(_lease.DeadlineNs - _etcd.Time.NowNs);
            NoteTrouble(failure.Message, () => MasterLog.LeadershipNotRenewed(_logger, leftMs, failure.Message));
        }
        catch (Exception error)
        {
            // What this thread has left undone is not known: another tenure begins from the start.
            End(EtcdDial.Describe(error));
        }

        return false;
    }

    // Only the first of many failures is logged; that the lease ran out is logged by the thread that acts on it.
    private void NoteTrouble(string what, Action say)
    {
        if (Interlocked.Exchange(ref _trouble, what) == null && _lease.MayAct(_etcd.Time.NowNs))
        {
            say();
        }
    }

    private bool IsMoved(long sentNs)
    {
        long leaseId = GrantLease();
        _leases.Add(leaseId);
        // After a failure the key hangs on the new lease or still on the old one. Nobody revokes the other: to run out
        // costs etcd as much, and the next renewal would have to wait for it.
        TxnResponse answer = PutLeader([Fence, Is(Compare.Types.CompareTarget.Lease, _leaseId)], leaseId);
        if (answer.Succeeded)
        {
            HangsOn(leaseId);
            _lease.Prolong(sentNs, _options.LeaderTermMs, _etcd.Time.NowNs);
            _trouble = null;
            Compaction.Note(sentNs, answer.Header.Revision);
            return true;
        }

        KeyValue? leader = answer.Responses[0].ResponseRange.Kvs.FirstOrDefault();
        // Without a lease the key was written by hand.
        if (leader == null || !(IsOwn(leader) || (leader.CreateRevision == _createRevision && leader.Lease == 0)))
        {
            End(leader == null
                ? $"key {_etcd.Keys.Leader.ToStringUtf8()} in etcd is gone"
                : $"key {_etcd.Keys.Leader.ToStringUtf8()} in etcd is another's, {Printable(leader)}");
            return false;
        }

        // An earlier renewal did arrive, and only its answer was lost.
        _leaseId = leader.Lease;
        return false;
    }

    /// <summary>It is known: what was sent before does not move it any more.</summary>
    private void HangsOn(long leaseId)
    {
        _leases.Clear();
        _leases.Add(leaseId);
        _leaseId = leaseId;
    }

    private bool IsOwn(KeyValue leader) => leader.CreateRevision == _createRevision && _leases.Contains(leader.Lease);

    /// <summary>The master no longer acts, first of all; then every thread that asks learns that the leadership is over.</summary>
    private void End(string why)
    {
        _lease.End();
        _trouble = why;
        _isOver = true;
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
        foreach (long leaseId in _leases)
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
