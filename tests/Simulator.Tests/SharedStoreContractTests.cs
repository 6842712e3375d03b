using System;
using System.Collections.Generic;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Simulator.Tests;

/// <summary>What every store promises, of the one that stands for them in histories: what it breaks, no history is worth anything.</summary>
public sealed class SharedStoreContractTests : SessionStoreContract
{
    private readonly World _world = FirstWorld(Election.Key);

    public SharedStoreContractTests() => _world.Store.SeeksBadMoments = false;

    /// <summary>
    /// Only a leader key keeps a second master out in the store itself: a file has one master, by its lock, and where hosts elect they
    /// say who leads.
    /// </summary>
    private static World FirstWorld(Election election)
    {
        for (ulong seed = 1; ; seed++)
        {
            World world = new(seed, trace: null);
            if (world.Conditions.Election == election)
            {
                return world;
            }
        }
    }

    /// <summary>As many as show that a request gets lost, and that an answer does.</summary>
    protected override int Doubts => 20;

    protected override IStoreMaster Open() => new StoreMaster(_world);

    protected override void Depose(IStoreMaster former) => ((StoreMaster)former).LoseLeadership();

    protected override Action Copy()
    {
        StoreContent copy = _world.Store.Copy();
        return () => _world.Store.GoBack(copy);
    }

    protected override void CommitInDoubt(IStoreMaster master, IReadOnlyList<StoreChange> changes, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(master);
        _world.Store.CutOff((StoreMaster)master);
        master.Commit(changes, revision);
    }

    protected override void EndDoubt(IStoreMaster master)
    {
        ArgumentNullException.ThrowIfNull(master);
        _world.Store.Heal();
        master.Leave();
    }

    protected override void Release()
    {
        // There is nothing but memory.
    }

    [Fact]
    public void A_change_of_what_the_store_has_not_ends_the_history()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit([Changes.Session(1, 5, "one")], 5);

        Assert.Throws<HistoryFailure>(() => master.Commit([new StoreChange.RemoveSession(1, 4)], 6));
        Assert.Throws<HistoryFailure>(() => master.Commit([new StoreChange.RemoveSession(2, 5)], 6));
        Assert.Throws<HistoryFailure>(() => master.Commit([Changes.Item(2, "a", 6)], 6));
    }

    [Fact]
    public void A_second_master_does_not_lead_while_the_first_does()
    {
        Lead(Next());

        Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => Lead(Next())).Status);
    }

    /// <summary>A process that does what it is told, and has a date that is set.</summary>
    private sealed class StoreMaster : StoreUser, IStoreMaster
    {
        private ulong _epoch;
        private long _leaseId;
        private long _unixMs;

        internal StoreMaster(World world)
            : base(world, "master", world.NewClock()) => Start();

        internal override long UnixMs => _unixMs;

        public StoreSnapshot Lead(LeadRequest request)
        {
            _unixMs = request.UnixMs;
            _leaseId = Ask<long>(answer => World.Store.Grant(this, answer));
            StoreSnapshot snapshot = Ask<WonLeadership>(answer => World.Store.Campaign(this, 0, _leaseId, answer))!.Snapshot;
            _epoch = snapshot.MasterEpoch;
            return snapshot;
        }

        public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) =>
            Ask<object>(answer => World.Store.Commit(this, _epoch, changes, revision, answer));

        public void Leave() => LoseLeadership();

        /// <summary>The lease of its leader key is revoked, by itself or by somebody.</summary>
        internal void LoseLeadership()
        {
            World.Store.Revoke(this, [_leaseId]);
            World.Agenda.RunUntil(World.Agenda.NowNs + World.Store.SlowestNs);
            World.Store.Resign(_epoch);
        }

        public void Dispose() => Crash();

        protected override void OnStart()
        {
            // It does nothing by itself.
        }

        protected override void OnCrash()
        {
            // It remembers nothing.
        }

        /// <summary>Lets time pass until the store has answered.</summary>
        private T? Ask<T>(Action<Action<StoreOutcome, T?>> request)
        {
            (StoreOutcome Outcome, T? Result)? answer = null;
            request((outcome, result) => answer = (outcome, result));
            for (int passed = 0; answer == null; passed++)
            {
                Assert.True(passed < 10_000, "the store has not answered for 10 s");
                World.Agenda.RunUntil(World.Agenda.NowNs + World.Ms);
            }

            return answer.Value.Outcome switch
            {
                StoreOutcome.Done => answer.Value.Result,
                StoreOutcome.NotLeader => throw new SessionException(SessionStatus.NotLeader, "another leads"),
                StoreOutcome.Unknown => throw new SessionException(SessionStatus.TimedOut, "no answer") { IsOutcomeUnknown = true },
                _ => throw new SessionException(SessionStatus.StoreFailed, "the store has failed"),
            };
        }
    }
}
