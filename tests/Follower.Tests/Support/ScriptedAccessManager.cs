using System;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>A master's host that does in each hook what the test says, and writes down that it ran.</summary>
internal sealed class ScriptedAccessManager(History history) : AccessManager
{
    internal Func<LeaderAnswer> OnCheckLeader { get; set; } = () => new LeaderAnswer(true);

    internal Action<SessionRequest, SessionAmendment> OnSessionInitialize { get; set; } = (_, _) => { };

    internal Action<SessionRequest, SessionGrant> OnSessionCreated { get; set; } = (_, _) => { };

    internal Func<DataReport, ReportWindow>? OnDataReport { get; set; }

    public override LeaderAnswer CheckLeader() => OnCheckLeader();

    public override void SessionInitialize(SessionRequest request, SessionAmendment amendment)
    {
        history.Add($"master: SessionInitialize {request.Description.Identity}");
        OnSessionInitialize(request, amendment);
    }

    public override void SessionCreated(SessionRequest request, SessionGrant grant)
    {
        history.Add($"master: SessionCreated {request.Description.Identity}");
        OnSessionCreated(request, grant);
    }

    public override void SessionEnded(SessionRequest request, SessionEndReason reason) =>
        history.Add($"master: SessionEnded {request.Description.Identity} {reason}");

    public override ReportWindow DataReport(DataReport report) =>
        OnDataReport == null ? base.DataReport(report) : OnDataReport(report);
}
