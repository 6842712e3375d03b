using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What a list shows of how a session stands: nothing that the table does not know.</summary>
public sealed class SessionFlagsTests
{
    private readonly TestTable _test = new();

    [Fact]
    public void A_session_says_when_it_was_created_and_when_it_was_last_heard_of()
    {
        Session session = _test.Create("a");
        Assert.Equal((TestTable.StartNs, TestTable.StartNs), (session.CreatedNs, session.RenewedNs));
        _test.Pass(1000);

        _test.Renew(session.Key);

        Assert.Equal((TestTable.StartNs, _test.NowNs), (session.CreatedNs, session.RenewedNs));
        Assert.Equal(SessionFlags.None, session.Flags);
    }

    [Fact]
    public void A_renewal_that_comes_late_takes_nothing_back()
    {
        Session session = _test.Create("a");

        _test.Table.KeepAlive(session.Key, TestTable.StartNs - TestTable.Ms);

        Assert.Equal(TestTable.StartNs, session.RenewedNs);
    }

    [Fact]
    public void A_suspect_is_one_until_the_store_knows_that_it_was_heard()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs / 2);
        _test.Expire();
        Assert.Equal(SessionFlags.Suspect, session.Flags);

        _test.Table.KeepAlive(session.Key, _test.NowNs);
        Assert.Equal(SessionFlags.Suspect, session.Flags);
        _test.Commit(table => table.ClearSuspect(session.Key));

        Assert.Equal(SessionFlags.None, session.Flags);
    }

    [Fact]
    public void A_revocation_is_shown_once_it_is_durable_and_not_before()
    {
        Session session = _test.Create("a");
        _test.Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        Assert.Equal(SessionFlags.None, session.Flags);
        _test.Table.Undo();
        Assert.Equal(SessionFlags.None, session.Flags);

        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch));

        Assert.Equal(SessionFlags.Revoking, session.Flags);
    }

    [Fact]
    public void Who_is_revoked_and_silent_is_both()
    {
        Session session = _test.Create("a");
        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch));
        _test.Pass(TestTable.TermMs / 2);
        _test.Expire();

        Assert.Equal(SessionFlags.Revoking | SessionFlags.Suspect, session.Flags);
        Assert.Equal(TestTable.StartNs, session.RenewedNs);
    }

    [Fact]
    public void A_re_attach_is_shown_unless_the_store_has_failed()
    {
        Session session = _test.Create("a");
        _test.Pass(1000);
        _test.Table.Reattach(session.Key.SessionId, "a", TestConnections.SecretOf(session), 0x99, _test.NowNs);
        _test.Table.Undo();
        Assert.Equal(SessionFlags.None, session.Flags);

        _test.Commit(table => table.Reattach(session.Key.SessionId, "a", TestConnections.SecretOf(session), 0x99, _test.NowNs));

        Assert.Equal(SessionFlags.Reattached, session.Flags);
        Assert.Equal((TestTable.StartNs, _test.NowNs), (session.CreatedNs, session.RenewedNs));
    }

    [Fact]
    public void A_successor_knows_who_is_suspect_or_revoked_and_no_times_nor_re_attaches()
    {
        List<StoreChange> stored = [];
        Session silent = _test.Table.Create(TestTable.Server("silent"), 1, _test.NowNs);
        Session revoked = _test.Table.Create(TestTable.Server("revoked"), 2, _test.NowNs);
        Commit();
        _test.Table.Revoke(revoked.Key.SessionId, revoked.Key.Epoch);
        _test.Table.Reattach(silent.Key.SessionId, "silent", TestConnections.SecretOf(silent), 3, _test.NowNs);
        Commit();
        _test.Pass((TestTable.TermMs / 2) + 1);
        _test.Table.Expire(_test.NowNs, int.MaxValue);
        Commit();
        Assert.Equal(SessionFlags.Suspect | SessionFlags.Reattached, silent.Flags);

        TestTable successor = new(snapshot: TestTable.Replay(stored, _test.Table.Revision, masterEpoch: 2));

        Session[] loaded = [.. successor.Table.List(0, 0, "", out _)];
        Assert.All(loaded, session => Assert.Equal((0L, 0L), (session.CreatedNs, session.RenewedNs)));
        Assert.Equal(
            [("silent", SessionFlags.Suspect), ("revoked", SessionFlags.Suspect | SessionFlags.Revoking)],
            loaded.Select(session => (session.Description.Identity, session.Flags)));
        successor.Renew(loaded[0].Key);
        Assert.Equal((0L, successor.NowNs, SessionFlags.None), (loaded[0].CreatedNs, loaded[0].RenewedNs, loaded[0].Flags));

        void Commit()
        {
            stored.AddRange(_test.Table.Changes);
            _test.Table.Accept();
        }
    }
}
