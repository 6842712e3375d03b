using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Creating;

/// <summary>The way of a create and a re-attach, step by step.</summary>
public sealed class CreateFlowTests
{
    private readonly TestTable _table = new();

    [Fact]
    public void A_create_asks_the_leader_initializes_stores_and_is_granted()
    {
        CreateFlow flow = Create("server");
        Assert.Equal(CreateStep.CheckLeader, flow.Step);
        flow.Goes();
        Assert.Equal(CreateStep.Look, flow.Step);
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal(CreateStep.Initialize, flow.Step);
        flow.Amended(new SessionAmendment { TermMs = 20_000, Capabilities = 0b11 });
        Assert.Equal(CreateStep.Store, flow.Step);
        Store(flow);
        Assert.Equal((CreateStep.Grant, true), (flow.Step, flow.MustAskHost));
        flow.HostGrants(new SessionGrant { Capabilities = 0b01, ReportWindow = new ReportWindow(7, 8) });
        flow.Granted();

        Assert.Equal(CreateStep.Answer, flow.Step);
        GrantedAnswer answer = flow.Answer!;
        Assert.Equal((20_000u, 0b01ul, new ReportWindow(7, 8)), (answer.TermMs, answer.Capabilities, answer.ReportWindow));
        Assert.Equal(flow.Session!.Key, answer.Key);
        Assert.True(flow.Session.SecretHash.IsOf(TestConnections.SecretOf(flow.Session)));
        Assert.InRange(answer.RenewalPhaseMs, 0u, answer.RenewalIntervalMs - 1);
    }

    [Fact]
    public void Without_hooks_it_is_looked_at_stored_and_answered()
    {
        CreateFlow flow = new(TestTable.Server("server"), TestConnections.Of(1).Told, [], CreateHooks.None);
        Assert.Equal(CreateStep.Look, flow.Step);
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal(CreateStep.Store, flow.Step);
        Store(flow);
        Assert.Equal(CreateStep.Answer, flow.Step);
        Assert.Equal(TestTable.Server("server").Capabilities, flow.Answer!.Capabilities);
    }

    [Fact]
    public void An_identity_that_is_taken_is_refused_before_the_host_is_asked()
    {
        _table.Create("server");
        CreateFlow flow = Create("server", nonce: 0xbad);
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal(CreateStep.Find, flow.Step);
        SessionException refusal = Assert.Throws<SessionException>(() => flow.Find(_table.Table, _table.NowNs));
        flow.Fails(refusal);
        Assert.Equal((CreateStep.Refuse, SessionStatus.IdentityInUse), (flow.Step, flow.Refusal!.Status));
    }

    [Fact]
    public void What_is_being_committed_is_not_free()
    {
        _table.Table.Create(TestTable.Server("server"), 1, _table.NowNs);
        CreateFlow flow = Create("server", nonce: 2);
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal(CreateStep.Find, flow.Step);
    }

    [Fact]
    public void An_identity_whose_end_is_being_committed_or_not_told_yet_is_not_free()
    {
        Session ending = _table.Create("server");
        _table.Table.Close(ending.Key);
        Assert.Equal(CreateStep.Find, Look());
        _table.Table.Accept();
        Assert.Equal(CreateStep.Find, Look());
        _table.Table.EndsAreTold();
        Assert.Equal(CreateStep.Initialize, Look());

        CreateStep Look()
        {
            CreateFlow flow = Create("server", nonce: 2);
            flow.Goes();
            flow.Look(_table.Table, _table.NowNs);
            return flow.Step;
        }
    }

    [Fact]
    public void A_repeated_create_is_answered_as_the_first_and_its_host_is_not_asked_again()
    {
        CreateFlow first = Granted(Create("server", nonce: 7));
        CreateFlow second = Create("server", nonce: 7);
        second.Goes();
        second.Look(_table.Table, _table.NowNs);
        second.Found(_table.Commit(table => second.Find(table, _table.NowNs)));
        Assert.Equal((CreateStep.Grant, false), (second.Step, second.MustAskHost));
        second.Granted();
        Assert.Equal(CreateStep.Answer, second.Step);
        Assert.Equal(first.Answer!.Key, second.Answer!.Key);
    }

    [Fact]
    public void An_answer_does_not_change_when_the_session_is_taken_up_again()
    {
        CreateFlow flow = Create("server", nonce: 7);
        ToGrant(flow);
        SessionKey key = flow.Session!.Key;
        _table.Commit(table => table.Reattach(key.SessionId, "server", TestConnections.SecretOf(key.Nonce), 8, _table.NowNs));
        flow.HostGrants(flow.NewGrant());
        flow.Granted();
        Assert.Equal(key, flow.Answer!.Key);
    }

    [Fact]
    public void A_session_that_the_host_refuses_is_closed_if_nobody_was_told_of_it()
    {
        CreateFlow flow = Create("server");
        ToGrant(flow);
        flow.HostRefuses(new SessionException(SessionStatus.Refused, "no place"));
        flow.Granted();
        Assert.Equal(CreateStep.Close, flow.Step);
        flow.Goes();
        Assert.Equal((CreateStep.Refuse, "no place"), (flow.Step, flow.Refusal!.Message));
    }

    [Fact]
    public void A_session_that_the_host_refuses_and_somebody_may_hold_is_revoked()
    {
        Session held = _table.Create("server");
        CreateFlow flow = new(held.Key.SessionId, "server", TestConnections.SecretOf(held), TestConnections.Of(9).Told);
        ToGrant(flow);
        flow.HostRefuses(new SessionException(SessionStatus.Refused, "no place"));
        flow.Granted();
        Assert.Equal(CreateStep.Revoke, flow.Step);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whether_the_refused_session_could_be_ended_or_not_the_caller_hears_the_refusal(bool ends)
    {
        CreateFlow flow = Create("server");
        ToGrant(flow);
        flow.HostRefuses(new SessionException(SessionStatus.Refused, "no place"));
        flow.Granted();
        if (ends)
        {
            flow.Goes();
        }
        else
        {
            flow.Fails(new SessionException(SessionStatus.StoreFailed, "the disk fails"));
        }

        Assert.Equal((CreateStep.Refuse, SessionStatus.Refused), (flow.Step, flow.Refusal!.Status));
    }

    [Theory]
    [InlineData(SessionStatus.Cancelled)]
    [InlineData(SessionStatus.NotLeader)]
    public void Of_what_is_stored_and_not_answered_a_successor_knows(SessionStatus status)
    {
        CreateFlow flow = Create("server");
        ToGrant(flow);
        flow.Fails(new SessionException(status, "another leads"));
        Assert.Equal((CreateStep.Refuse, status, true), (flow.Step, flow.Refusal!.Status, flow.Refusal.IsOutcomeUnknown));
    }

    [Fact]
    public void A_create_whose_session_has_ended_before_its_answer_does_not_ask_the_host_and_times_out()
    {
        CreateFlow flow = Create("server");
        ToGrant(flow);
        CreateFlow.EndIsTold(flow.Session!);
        Assert.False(flow.MustAskHost);
        flow.Granted();
        Assert.Equal(SessionStatus.TimedOut, flow.Refusal!.Status);
    }

    [Fact]
    public void What_the_host_has_refused_a_session_with_stays_so_when_that_has_ended()
    {
        CreateFlow flow = Create("server");
        ToGrant(flow);
        flow.HostRefuses(new SessionException(SessionStatus.Refused, "no place"));
        CreateFlow.EndIsTold(flow.Session!);
        flow.Granted();
        Assert.Equal((SessionStatus.Refused, "no place"), (flow.Refusal!.Status, flow.Refusal.Message));
    }

    [Fact]
    public void Only_SessionCreated_is_never_refused_and_only_what_ends_a_session_is_done_for_nobody()
    {
        CreateFlow flow = Create("server");
        Assert.False(flow.IsAdmitted);
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal((CreateStep.Initialize, false), (flow.Step, flow.IsAdmitted));
        flow.Amended(new SessionAmendment());
        Store(flow);
        Assert.Equal((true, false), (flow.IsAdmitted, flow.IsUnawaited));
        flow.HostRefuses(new SessionException(SessionStatus.Refused, "no place"));
        flow.Granted();
        Assert.Equal((false, true), (flow.IsAdmitted, flow.IsUnawaited));
    }

    [Fact]
    public void What_fails_before_it_is_stored_has_done_nothing()
    {
        CreateFlow flow = Create("server");
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        flow.Fails(new SessionException(SessionStatus.NotLeader, "another leads"));
        Assert.False(flow.Refusal!.IsOutcomeUnknown);
    }

    [Fact]
    public void A_reattach_asks_no_initialize()
    {
        Session held = _table.Create("server");
        CreateFlow flow = new(held.Key.SessionId, "server", TestConnections.SecretOf(held), TestConnections.Of(9).Told);
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        Assert.Equal(CreateStep.Store, flow.Step);
    }

    [Fact]
    public void Items_that_an_earlier_copy_did_not_set_are_not_told_to_the_host()
    {
        Session made = _table.Create("server");
        CreateFlow flow = new(
            TestTable.Server("server") with { Items = [new Item("rack", new byte[] { 1 }, 0)] }, TestConnections.Of(made.Key.Nonce).Told, []);
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        flow.Found(_table.Commit(table => flow.Find(table, _table.NowNs)));
        Assert.Empty(flow.Brought);
    }

    private static CreateFlow Create(string identity, ulong nonce = 1) => new(TestTable.Server(identity), TestConnections.Of(nonce).Told, []);

    private CreateFlow Granted(CreateFlow flow)
    {
        ToGrant(flow);
        flow.HostGrants(flow.NewGrant());
        flow.Granted();
        return flow;
    }

    private void ToGrant(CreateFlow flow)
    {
        flow.Goes();
        flow.Look(_table.Table, _table.NowNs);
        if (flow.Step == CreateStep.Initialize)
        {
            flow.Amended(new SessionAmendment { TermMs = flow.Description.TermMs, Capabilities = flow.Description.Capabilities });
        }

        Store(flow);
        Assert.Equal(CreateStep.Grant, flow.Step);
    }

    private void Store(CreateFlow flow) => flow.Stored(_table.Commit(table => flow.Store(table, _table.NowNs)));
}
