using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Interop.Sessions;

/// <summary>
/// How messages, logs and programs write what a person may look for elsewhere: statuses, states and reasons by their names in C, the
/// ids of sessions with 16 hexadecimal digits, epochs as numbers.
/// </summary>
public static partial class Notation
{
    private static readonly Dictionary<SessionStatus, string> s_statuses = NamesOf<SessionStatus>();
    private static readonly Dictionary<SessionState, string> s_states = NamesOf<SessionState>();
    private static readonly Dictionary<SessionEndReason, string> s_reasons = NamesOf<SessionEndReason>();
    private static readonly Dictionary<SessionFlags, string> s_flags = NamesOf<SessionFlags>();

    /// <summary>As interop_sessions_status_name.</summary>
    public static string Name(this SessionStatus status) => s_statuses.GetValueOrDefault(status, "UNKNOWN_STATUS");

    /// <summary>As interop_sessions_session_state_name.</summary>
    public static string Name(this SessionState state) => s_states.GetValueOrDefault(state, "UNKNOWN_STATE");

    /// <summary>As interop_sessions_end_reason_name.</summary>
    public static string Name(this SessionEndReason reason) => s_reasons.GetValueOrDefault(reason, "UNKNOWN_REASON");

    /// <summary>
    /// Those that are set, by their names in C; what this release has no name for, as a later master may say it, by its number.
    /// </summary>
    public static IEnumerable<string> Names(this SessionFlags flags) => Enumerable.Range(0, 32)
        .Select(bit => (SessionFlags)(1 << bit))
        .Where(flag => flags.HasFlag(flag))
        .Select(flag => s_flags.GetValueOrDefault(flag) ?? ((uint)flag).ToString(CultureInfo.InvariantCulture));

    /// <summary>The id of a session.</summary>
    public static string OfSession(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    internal static Dictionary<T, string> NamesOf<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => value, value => Words().Replace(value.ToString(), "_").ToUpperInvariant());

    [GeneratedRegex("(?<=.)(?=[A-Z])")]
    private static partial Regex Words();
}

/// <summary>One of them in a log record, whose fields are written as its message is.</summary>
/// <param name="Name">As <see cref="Notation"/> has it.</param>
public readonly record struct LoggedName(string Name)
{
    /// <summary>A status.</summary>
    public static implicit operator LoggedName(SessionStatus status) => new(status.Name());

    /// <summary>A state.</summary>
    public static implicit operator LoggedName(SessionState state) => new(state.Name());

    /// <summary>Why a session ended.</summary>
    public static implicit operator LoggedName(SessionEndReason reason) => new(reason.Name());

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The same of a session's id.</summary>
/// <param name="Id">The id.</param>
public readonly record struct LoggedSession(ulong Id)
{
    /// <summary>An id.</summary>
    public static implicit operator LoggedSession(ulong id) => new(id);

    /// <inheritdoc/>
    public override string ToString() => Notation.OfSession(Id);
}
