using System;
using System.Diagnostics;
using System.Linq;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Boundary;

/// <summary>How long a call may take, and on whose behalf it is made.</summary>
/// <param name="TimeoutMs">From now.</param>
/// <param name="TraceParent">Of W3C Trace Context; empty: none.</param>
internal readonly record struct CallOptions(uint TimeoutMs, string TraceParent)
{
    private const string TraceParentForm = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";

    /// <summary>As the host gave them; NULL: all defaults.</summary>
    /// <exception cref="SessionException">InvalidArgument; TimedOut: the deadline is past.</exception>
    internal static unsafe CallOptions Read(
        interop_sessions_call_options* given, uint defaultMs = Limits.DefaultCallTimeoutMs)
    {
        interop_sessions_call_options options = Arguments.ReadOptionalStruct(given, "options");
        uint timeoutMs = Arguments.ReadTimeout(options.timeout_ms, defaultMs, "options->timeout_ms");
        string traceParent = Arguments.ReadString(options.trace_parent, "options->trace_parent", Limits.TraceParentBytes);
        if (traceParent.Length > 0 && !IsTraceParent(traceParent))
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, "options->trace_parent is no traceparent of W3C Trace Context, version 00");
        }

        return new CallOptions(options.deadline_ns == 0 ? timeoutMs : Until(options.deadline_ns, timeoutMs), traceParent);
    }

    /// <summary>What is called in its scope is made on behalf of the host's trace.</summary>
    internal TraceScope Trace() => new(TraceParent);

    private static uint Until(long deadlineNs, uint timeoutMs)
    {
        long leftMs = Ns.ToMs(Ns.Left(deadlineNs, BootClock.NowNs));
        return leftMs > 0
            ? (uint)Math.Min(leftMs, timeoutMs)
            : throw new SessionException(SessionStatus.TimedOut, "options->deadline_ns is past; nothing was sent");
    }

    private static bool IsTraceParent(string text) =>
        text.Length == TraceParentForm.Length &&
        text.Zip(TraceParentForm).All(pair => pair.Second == 'x' ? char.IsAsciiHexDigitLower(pair.First) : pair.First == pair.Second);

    /// <summary>The activity of a call; whatever is begun in it belongs to it, also what ends later.</summary>
    internal readonly ref struct TraceScope : IDisposable
    {
        private readonly Activity? _activity;

        internal TraceScope(string traceParent)
        {
            if (traceParent.Length > 0)
            {
                _activity = new Activity("interop_sessions.call").SetParentId(traceParent).Start();
            }
        }

        public void Dispose() => _activity?.Dispose();
    }
}
