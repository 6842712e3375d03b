using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Boundary;
using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>An AccessManager whose hooks are function pointers of the host; NULL keeps the default.</summary>
internal sealed unsafe class HostAccessManager(interop_sessions_access_manager native) : AccessManager
{
    private readonly UserData _user = new(native.user_data, native.release);
    private readonly TaskCompletionSource _released = new();

    /// <summary>As the host gave them; NULL: all defaults.</summary>
    internal static HostAccessManager Of(interop_sessions_access_manager* given, string name) =>
        new(Arguments.ReadOptionalStruct(given, name));

    /// <summary>Of its master; set before the host is told of leaderships.</summary>
    internal interop_sessions_master Handle { get; set; }

    /// <inheritdoc/>
    public override CreateHooks CreateHooks =>
        (native.check_leader == null ? 0 : CreateHooks.CheckLeader) |
        (native.session_initialize == null ? 0 : CreateHooks.SessionInitialize) |
        (native.session_created == null ? 0 : CreateHooks.SessionCreated);

    /// <summary>Separate from <see cref="Of"/>: where this throws, what the host gave is released.</summary>
    internal void RequireValid(string name) => Arguments.RequireReserved(native.reserved, $"{name}->reserved");

    /// <inheritdoc/>
    public override void Released()
    {
        try
        {
            _user.Release();
        }
        finally
        {
            _released.TrySetResult();
        }
    }

    /// <summary>When no hook runs any more and what the host gave is released, be it already or later, on the thread of the release.</summary>
    internal void AfterRelease(Action act) => _released.Task.ContinueWith(
        _ => act(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <inheritdoc/>
    public override LeaderAnswer CheckLeader()
    {
        if (native.check_leader == null)
        {
            return base.CheckLeader();
        }

        interop_sessions_leader_answer answer = new() { struct_size = (uint)sizeof(interop_sessions_leader_answer) };
        using (CallbackScope.Enter())
        {
            native.check_leader(native.user_data, &answer);
        }

        Arguments.RequireReserved(answer.reserved, "answer->reserved");
        string hint = ReadText((byte*)&answer.hint, sizeof(interop_sessions_leader_answer._hint_e__FixedBuffer));
        return answer.leads != 0
            ? new LeaderAnswer(true, Epoch: answer.epoch, ValidForMs: answer.valid_for_ms)
            : new LeaderAnswer(false, hint.Length == 0 ? null : hint);
    }

    /// <inheritdoc/>
    public override void LeadershipChanged(LeadershipInfo leadership)
    {
        if (native.leadership_changed == null)
        {
            return;
        }

        OutBlock block = new(OutBlock.SizeOf(leadership.Reason));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_leadership_info seen = new()
        {
            struct_size = (uint)sizeof(interop_sessions_leadership_info),
            leads = leadership.Leads ? 1u : 0u,
            master_epoch = leadership.MasterEpoch,
            reason = block.Text(leadership.Reason),
            master = Handle,
        };
        using CallbackScope scope = CallbackScope.Enter();
        native.leadership_changed(native.user_data, &seen);
    }

    /// <inheritdoc/>
    public override void SessionInitialize(SessionRequest request, SessionAmendment amendment)
    {
        if (native.session_initialize == null)
        {
            return;
        }

        OutBlock block = new(Requests.SizeOf(request.Description));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_session_request seen = Requests.ToNative(request, ref block);
        interop_sessions_verdict verdict = NewVerdict();
        interop_sessions_session_amendment amended = new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_amendment),
            term_ms = amendment.TermMs,
            capabilities = amendment.Capabilities,
        };
        using (CallbackScope.Enter())
        {
            native.session_initialize(native.user_data, &seen, &amended, &verdict);
        }

        ThrowIfRefused(&verdict, SessionStatus.Refused);
        amendment.TermMs = amended.term_ms;
        amendment.Capabilities = amended.capabilities;
    }

    /// <inheritdoc/>
    public override void SessionCreated(SessionRequest request, SessionGrant grant)
    {
        if (native.session_created == null)
        {
            return;
        }

        OutBlock block = new(Requests.SizeOf(request.Description));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_session_request seen = Requests.ToNative(request, ref block);
        interop_sessions_verdict verdict = NewVerdict();
        interop_sessions_session_grant granted = new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_grant),
            capabilities = grant.Capabilities,
            report_start_pid = grant.ReportWindow.StartPid,
            report_size = grant.ReportWindow.ReportSize,
        };
        using (CallbackScope.Enter())
        {
            native.session_created(native.user_data, &seen, &granted, &verdict);
        }

        ThrowIfRefused(&verdict, SessionStatus.Refused);
        grant.Capabilities = granted.capabilities;
        grant.ReportWindow = new ReportWindow(granted.report_start_pid, granted.report_size);
    }

    /// <inheritdoc/>
    public override void SessionEnded(SessionRequest request, SessionEndReason reason)
    {
        if (native.session_ended == null)
        {
            return;
        }

        string text = request.EndText;
        OutBlock block = new(Requests.SizeOf(request.Description) + OutBlock.SizeOf(text));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_session_request seen = Requests.ToNative(request, ref block);
        interop_sessions_session_end end = new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_end),
            reason = (interop_sessions_end_reason)reason,
            master_epoch = request.MasterEpoch,
            text = block.Text(text),
        };
        using CallbackScope scope = CallbackScope.Enter();
        native.session_ended(native.user_data, &seen, &end);
    }

    /// <inheritdoc/>
    public override ReportWindow DataReport(DataReport report)
    {
        if (native.data_report == null)
        {
            return base.DataReport(report);
        }

        OutBlock block = new(OutBlock.SizeOf(report.Identity));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        fixed (ulong* pids = report.Pids.Span)
        {
            interop_sessions_report_window window = Values.ToNative(report.Window);
            interop_sessions_data_report seen = new()
            {
                struct_size = (uint)sizeof(interop_sessions_data_report),
                pid_count = (uint)report.Pids.Length,
                session_id = report.SessionId,
                epoch = report.Epoch,
                identity = block.Text(report.Identity),
                window = &window,
                pids = pids,
            };
            interop_sessions_verdict verdict = NewVerdict();
            interop_sessions_report_window next = window;
            using (CallbackScope.Enter())
            {
                native.data_report(native.user_data, &seen, &next, &verdict);
            }

            ThrowIfRefused(&verdict, SessionStatus.ReportRefused);
            return Values.FromNative(&next, "next");
        }
    }

    /// <summary>For <see cref="SessionMasterOptions.Authorize"/>; null: the host does not want to be asked.</summary>
    internal Func<AccessRequest, Verdict>? Authorize => native.authorize == null ? null : Ask;

    private Verdict Ask(AccessRequest request)
    {
        string caller = request.Caller.Name ?? "";
        string identity = request.Identity ?? "";
        OutBlock block = new(OutBlock.SizeOf(caller) + OutBlock.SizeOf(identity));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_access_request seen = new()
        {
            struct_size = (uint)sizeof(interop_sessions_access_request),
            right = (uint)request.Right,
            caller = block.Text(caller),
            identity = block.Text(identity),
        };
        interop_sessions_verdict verdict = NewVerdict();
        using (CallbackScope.Enter())
        {
            native.authorize(native.user_data, &seen, &verdict);
        }

        return verdict.refuse == 0 ? Verdict.Accept : Verdict.Refuse(ReasonOf(&verdict));
    }

    internal static interop_sessions_verdict NewVerdict() => new() { struct_size = (uint)sizeof(interop_sessions_verdict) };

    /// <summary>As the host said; the reason is the message.</summary>
    internal static void ThrowIfRefused(interop_sessions_verdict* verdict, SessionStatus status)
    {
        if (verdict->refuse != 0)
        {
            string reason = ReasonOf(verdict);
            throw new SessionException(status, reason.Length == 0 ? "refused without a reason" : reason);
        }
    }

    internal static string ReasonOf(interop_sessions_verdict* verdict) =>
        ReadText((byte*)&verdict->reason, sizeof(interop_sessions_verdict._reason_e__FixedBuffer));

    /// <summary>Text that a host wrote into an array of ours: to the NUL or the end; what is no UTF-8 is replaced.</summary>
    private static string ReadText(byte* text, int capacity)
    {
        ReadOnlySpan<byte> bytes = new(text, capacity);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
