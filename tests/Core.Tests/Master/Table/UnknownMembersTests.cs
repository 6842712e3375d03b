using System;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What a newer release stored with a session stays with it, whatever an older master stores of it.</summary>
public sealed class UnknownMembersTests
{
    private const string Unknown = """{"zone":"north"}""";
    private static readonly SessionKey s_key = new(0x77, 5, 9);
    private readonly TestTable _test = new(snapshot: TestTable.Empty(2) with
    {
        Revision = 5,
        Content =
        [
            new StoreChange.PutSession(s_key, TestTable.Server("a"), TestTable.TermMs, SecretHash.Of(3), IsRevoked: false, SuspectMs: null)
            {
                Unknown = Unknown,
            },
        ],
    });

    [Fact]
    public void A_revoked_session_is_stored_with_it() => AssertKept(table => table.Revoke(s_key.SessionId, s_key.Epoch));

    [Fact]
    public void A_session_that_was_taken_up_is_stored_with_it() =>
        AssertKept(table => table.Reattach(s_key.SessionId, "a", 3, 0x99, _test.NowNs));

    [Fact]
    public void A_suspect_is_stored_with_it_and_cleared_with_it()
    {
        _test.Pass(TestTable.TermMs / 2);
        AssertKept(table => table.Expire(_test.NowNs, 10));
        AssertKept(table => table.ClearSuspect(s_key));
    }

    private void AssertKept(Action<SessionTable> change)
    {
        change(_test.Table);
        StoreChange.PutSession put = Assert.Single(_test.Table.Changes.OfType<StoreChange.PutSession>());
        Assert.Equal((s_key.SessionId, Unknown), (put.Key.SessionId, put.Unknown));
        _test.Table.Accept();
    }
}
