using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>
/// Any sequence of operations, with commits that fail at random: the table stays sound, equals what its store would load,
/// and never breaks the promises of the lease.
/// </summary>
public sealed class RandomOperationsTests
{
    private static readonly Gen<Operation> _operations = Gen.Select(
        Gen.Frequency(
            (8, Verb.Create), (8, Verb.KeepAlive), (2, Verb.Close),
            (2, Verb.Revoke), (2, Verb.Reattach), (6, Verb.SetItem), (3, Verb.RemoveItem), (6, Verb.ApplyItems),
            (6, Verb.FindAccessPoint), (2, Verb.ReleaseAccessPoint),
            (3, Verb.Drain), (2, Verb.Undrain), (3, Verb.MoveObjects), (6, Verb.Pass), (3, Verb.Expire),
            (1, Verb.ExtendAll), (6, Verb.Accept), (3, Verb.Undo)),
        Gen.Int[0, 1000], Gen.Int[0, 7], (verb, number, choice) => new Operation(verb, number, choice));

    private enum Verb
    {
        Create,
        KeepAlive,
        Close,
        Revoke,
        Reattach,
        SetItem,
        RemoveItem,
        ApplyItems,
        FindAccessPoint,
        ReleaseAccessPoint,
        Drain,
        Undrain,
        MoveObjects,
        Pass,
        Expire,
        ExtendAll,
        Accept,
        Undo,
    }

    [Fact]
    public void Any_sequence_of_operations_keeps_every_promise()
    {
        long looks = 0;
        _operations.Array[0, 150].Sample(operations =>
        {
            Run run = new();
            foreach (Operation operation in operations)
            {
                run.Do(operation);
            }

            run.Commit();
            run.AssertSuccessorKnowsTheSame();
            Interlocked.Add(ref looks, run.LooksWhileCommitting);
        }, iter: 3000);
        // Most batches touch a few of those who look.
        Assert.InRange(looks, 10_000, long.MaxValue);
    }

    private sealed record Operation(Verb Verb, int Number, int Choice);

    private sealed class Run
    {
        private static readonly StockQuota[] s_quotas = AccessRulesText.Parse(
            "allow * hold *\nquota s* sessions=4 item_bytes=15\nquota {name} item_bytes=9", "rules").Quotas;

        private readonly QuotaBoard _quotas = new();
        private readonly TestTable _test;

        private readonly List<StoreChange> _committed = [];
        private readonly List<SessionKey> _everMade = [];
        private int _everCommitted;
        private readonly Dictionary<SessionKey, long> _deadlines = [];
        private readonly HashSet<SessionKey> _condemned = [];
        private string _atLastCommit;
        private AccessPoint? _found;
        private Looks _looks;

        public Run()
        {
            _test = new TestTable(new SessionTableSettings
            {
                TermMs = TestTable.TermMs,
                MaxSessions = 6,
                MaxItemsPerSession = 3,
                MaxItemBytes = 8,
                MaxSessionBytes = 40,
                MaxAccessPoints = 10,
                MaxDrains = 4,
                MaxAccessPointsPerIdentity = 3,
                Quotas = _quotas,
            });
            _atLastCommit = TableDump.OfDurable(_test.Table);
            _looks = LookAround();
        }

        /// <summary>Looks that needed not wait for what was being committed.</summary>
        public int LooksWhileCommitting { get; private set; }

        private SessionTable Table => _test.Table;

        public void Do(Operation operation)
        {
            if (operation is { Number: 7, Choice: 1 or 2 })
            {
                // Another file of rules: in the midst of a batch, too.
                _quotas.Write(operation.Choice == 1 ? s_quotas : []);
            }

            try
            {
                Decide(operation);
            }
            catch (SessionException)
            {
                // A refusal is as good an answer as any; that it changes nothing is asserted below.
            }

            Assert.Empty(Table.BrokenInvariants());
            AssertDeadlinesDidNotMoveBack();
            if (Table.Changes.Count > 0)
            {
                LooksWhileCommitting += _looks.AssertSettledOnesAreTheSame();
            }
        }

        public void Commit()
        {
            _committed.AddRange(Table.Changes);
            Table.Accept();
            _atLastCommit = TableDump.OfDurable(Table);
            _everCommitted = _everMade.Count;
            _looks = LookAround();
        }

        public void AssertSuccessorKnowsTheSame()
        {
            TestTable successor = new(
                snapshot: TestTable.Replay(_committed, Table.Revision, masterEpoch: 2));
            Assert.Equal(TableDump.OfDurable(Table), TableDump.OfDurable(successor.Table));
            foreach ((Session mine, Session its) in TableDump.AllOf(Table).Zip(TableDump.AllOf(successor.Table)))
            {
                // A mark that the store has and nobody here knows of would cost a renewed session its lease.
                Assert.True(its.SuspectMs == null || mine.SuspectMs != null);
            }

            Assert.Empty(successor.Table.BrokenInvariants());
        }

        private void Decide(Operation operation)
        {
            string key = $"k{operation.Number % 4}";
            switch (operation.Verb)
            {
                case Verb.Create:
                    Create(operation);
                    break;
                case Verb.KeepAlive:
                    KeepAlive(Pick(operation));
                    break;
                case Verb.Close:
                    Table.Close(Pick(operation));
                    break;
                case Verb.Revoke:
                    Table.Revoke(Pick(operation).SessionId, Pick(operation).Epoch);
                    break;
                case Verb.Reattach:
                    Reattach(Pick(operation), (ulong)operation.Number, isRightful: operation.Choice != 0);
                    break;
                case Verb.SetItem:
                    Table.SetItem(
                        Pick(operation), key, new byte[operation.Number % 10], operation.Choice == 0 ? 0UL : null);
                    break;
                case Verb.RemoveItem:
                    Table.RemoveItem(Pick(operation), key, null);
                    break;
                case Verb.ApplyItems:
                    Table.ApplyItems(Pick(operation), ChangesOf(operation), WriteOf(operation));
                    break;
                case Verb.FindAccessPoint:
                    _found = Table.FindAccessPoint(Pick(operation), KindOf(operation), $"volume-{operation.Choice}");
                    break;
                case Verb.ReleaseAccessPoint:
                    Table.ReleaseAccessPoint(
                        Pick(operation), KindOf(operation), $"volume-{operation.Choice}",
                        ReleasedAssignment.Of(operation.Number % 3 == 0 ? _found : null));
                    break;
                case Verb.Drain:
                    Table.Drain(new Drain
                    {
                        Identity = $"s{operation.Choice}",
                        Reason = $"r{operation.Number % 2}",
                        MovesObjects = operation.Number % 3 == 0,
                        RevokesSession = operation.Number % 5 == 0,
                    });
                    break;
                case Verb.Undrain:
                    Table.Undrain($"s{operation.Choice}");
                    break;
                case Verb.MoveObjects:
                    Table.MoveObjects(_test.NowNs);
                    break;
                case Verb.Pass:
                    _test.Pass(operation.Number * (operation.Choice + 1));
                    break;
                case Verb.Expire:
                    Expire(most: operation.Choice + 1);
                    break;
                case Verb.ExtendAll:
                    Table.ExtendAll(_test.NowNs);
                    break;
                case Verb.Accept:
                    Commit();
                    break;
                default:
                    Table.Undo();
                    Assert.Equal(_atLastCommit, TableDump.OfDurable(Table));
                    // Nobody was told of them: whoever named one would be a stranger, from a store that went back.
                    _everMade.RemoveRange(_everCommitted, _everMade.Count - _everCommitted);
                    _looks = LookAround();
                    break;
            }
        }

        private void Create(Operation operation)
        {
            Session session = Table.Create(
                ServerOf(operation), nonce: (ulong)(operation.Number % 3), _test.NowNs);
            Assert.True(session.Key.Epoch <= Table.Revision);
            _everMade.Add(session.Key);
        }

        private Looks LookAround() => new(
            Table, _everMade.TakeLast(5).Append(new SessionKey(4711, 0, 1)), Enumerable.Range(0, 4).Select(i => $"volume-{i}"));

        private SessionKey Pick(Operation operation) =>
            _everMade.Count == 0 ? default : _everMade[operation.Number % _everMade.Count];

        // Some have no NFS, some more of it, and some what only their hosts know.
        private static ServerDescription ServerOf(Operation operation)
        {
            ServerDescription server = TestTable.Server($"s{operation.Choice}") with
            {
                // More than may be, sometimes.
                Items = [.. Enumerable.Range(0, operation.Number % 5).Select(i => new Item($"k{i}", new byte[i]))],
            };
            return (operation.Choice % 3) switch
            {
                0 => server with { Endpoints = [new(AccessPointKinds.FirstOfHosts, "own"), .. server.Endpoints.Skip(1)] },
                1 => server with { Endpoints = [.. server.Endpoints, .. server.Endpoints] },
                _ => server,
            };
        }

        // Some are refused for what there is, and some for what there would be.
        private static ItemChange[] ChangesOf(Operation operation) =>
        [
            ItemChange.Set($"k{operation.Number % 4}", new byte[operation.Number % 10]),
            operation.Choice % 2 == 0
                ? ItemChange.Remove($"k{(operation.Number + 1) % 4}")
                : ItemChange.Set($"k{(operation.Number + 1) % 4}", new byte[operation.Choice]),
            ItemChange.Check($"k{(operation.Number + 2) % 4}", 0),
        ];

        private static WriteId WriteOf(Operation operation) =>
            operation.Number % 2 == 0 ? default : new WriteId((ulong)operation.Number, 0);

        private static AccessPointKind KindOf(Operation operation) => (operation.Number % 3) switch
        {
            0 => AccessPointKind.Nfs,
            1 => AccessPointKind.Iscsi,
            _ => AccessPointKinds.FirstOfHosts,
        };

        private void KeepAlive(SessionKey key)
        {
            KeepAliveVerdict verdict = Table.KeepAlive(key, _test.NowNs);
            Assert.False(verdict.Status == SessionStatus.Ok && _condemned.Contains(key), $"{key} was pardoned");
            if (verdict.IsSuspect)
            {
                Table.ClearSuspect(key);
            }
        }

        private void Reattach(SessionKey key, ulong nonce, bool isRightful)
        {
            Session? held = TableDump.AllOf(Table).FirstOrDefault(session => session.Key.SessionId == key.SessionId);
            UInt128 secret = (held == null ? 0 : TestConnections.SecretOf(held)) + (isRightful ? 0u : 1u);
            Session session = Table.Reattach(key.SessionId, held?.Description.Identity ?? "", secret, nonce, _test.NowNs);
            Assert.True(isRightful || held!.Key.Nonce == nonce);
            Assert.Equal(nonce, session.Key.Nonce);
            _everMade.Add(session.Key);
        }

        private void Expire(int most)
        {
            // As the master does it: expiries are a batch of their own.
            Commit();
            Dictionary<SessionKey, bool> due = TableDump.AllOf(Table)
                .Where(session => session.DeadlineNs <= _test.NowNs)
                .ToDictionary(session => session.Key, session => session.IsRevoked);

            // Those that are silent and not due are only marked.
            int taken = Table.Expire(_test.NowNs, most);
            Assert.InRange(Table.Changes.Count, 0, most);
            Assert.Equal(taken, Table.Changes.Count);
            Assert.True(taken == most || Table.Ended.Count == due.Count);
            foreach (EndedSession end in Table.Ended)
            {
                Assert.True(due.TryGetValue(end.Session.Key, out bool isRevoked), $"{end.Session.Key} expired early");
                Assert.Equal(isRevoked ? SessionEndReason.Revoked : SessionEndReason.Expired, end.Reason);
                _condemned.Add(end.Session.Key);
            }
        }

        private void AssertDeadlinesDidNotMoveBack()
        {
            foreach (Session session in TableDump.AllOf(Table))
            {
                Assert.True(session.DeadlineNs >= _deadlines.GetValueOrDefault(session.Key));
                _deadlines[session.Key] = session.DeadlineNs;
            }
        }
    }
}
