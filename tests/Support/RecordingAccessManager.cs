using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Interop.Sessions.Master;

namespace Interop.Sessions.Tests.Support;

/// <summary>A host that writes down which hooks ran, and does in each what the test says.</summary>
internal sealed class RecordingAccessManager : AccessManager
{
    private readonly ConcurrentQueue<(string Hook, string Identity)> _calls = new();
    private int _released;

    internal Func<LeaderAnswer> OnCheckLeader { get; set; } = () => new LeaderAnswer(true);

    internal Action<SessionRequest, SessionAmendment> OnSessionInitialize { get; set; } = (_, _) => { };

    internal Action<SessionRequest, SessionGrant> OnSessionCreated { get; set; } = (_, _) => { };

    internal Action<SessionRequest, SessionEndReason> OnSessionEnded { get; set; } = (_, _) => { };

    internal Action<LeadershipInfo> OnLeadershipChanged { get; set; } = _ => { };

    internal Func<DataReport, ReportWindow>? OnDataReport { get; set; }

    internal int TimesReleased => Volatile.Read(ref _released);

    /// <summary>The hooks about one identity, in order.</summary>
    internal string[] CallsOf(string identity) =>
        [.. _calls.Where(call => call.Identity == identity).Select(call => call.Hook)];

    public override void Released() => Interlocked.Increment(ref _released);

    public override LeaderAnswer CheckLeader() => OnCheckLeader();

    public override void LeadershipChanged(LeadershipInfo leadership) => OnLeadershipChanged(leadership);

    public override void SessionInitialize(SessionRequest request, SessionAmendment amendment)
    {
        _calls.Enqueue((nameof(SessionInitialize), request.Description.Identity));
        OnSessionInitialize(request, amendment);
    }

    public override void SessionCreated(SessionRequest request, SessionGrant grant)
    {
        _calls.Enqueue((nameof(SessionCreated), request.Description.Identity));
        OnSessionCreated(request, grant);
    }

    public override void SessionEnded(SessionRequest request, SessionEndReason reason)
    {
        OnSessionEnded(request, reason);
        _calls.Enqueue(($"{nameof(SessionEnded)} {reason}", request.Description.Identity));
    }

    public override ReportWindow DataReport(DataReport report) =>
        OnDataReport == null ? base.DataReport(report) : OnDataReport(report);
}
