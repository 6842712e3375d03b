using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Native;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>Statuses, states, reasons and ids are written in one way, whoever writes them.</summary>
public sealed partial class NotationTests
{
    [Fact]
    public void Statuses_states_and_reasons_have_their_names_of_the_header()
    {
        Assert.Equal(NamesOf<interop_sessions_status>("INTEROP_SESSIONS_"), Ours<SessionStatus>(status => status.Name()));
        Assert.Equal(NamesOf<interop_sessions_session_state>("INTEROP_SESSIONS_STATE_"), Ours<SessionState>(state => state.Name()));
        Assert.Equal(NamesOf<interop_sessions_end_reason>("INTEROP_SESSIONS_END_"), Ours<SessionEndReason>(reason => reason.Name()));
        Assert.Equal("UNKNOWN_STATUS", ((SessionStatus)77).Name());
    }

    [Fact]
    public void An_id_has_16_hexadecimal_digits_in_texts_and_in_fields_of_logs()
    {
        Assert.Equal("0000000000000abc", Notation.OfSession(0xabc));
        Assert.Equal("ffffffffffffffff", ((LoggedSession)ulong.MaxValue).ToString());
        Assert.Equal("NOT_LEADER", ((LoggedName)SessionStatus.NotLeader).ToString());
    }

    [Fact]
    public void No_text_of_the_sources_writes_them_otherwise()
    {
        List<string> wrong = [];
        foreach (string file in Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains("Generated", StringComparison.Ordinal))
            {
                continue;
            }

            string[] lines = File.ReadAllLines(file);
            wrong.AddRange(lines
                // The keys of budgets are read by nobody.
                .Where(line => !line.Contains("TrySpend(", StringComparison.Ordinal))
                .Where(line => line.Contains("$\"", StringComparison.Ordinal)
                    ? BareName().IsMatch(line) || BareId().IsMatch(line)
                    : line.Contains("LoggerMessage(", StringComparison.Ordinal) && FormattedId().IsMatch(line))
                .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));
            wrong.AddRange(DeclaredLogs().Matches(string.Join('\n', lines))
                .Select(declared => declared.Value)
                .Where(declared => RawParameter().IsMatch(declared))
                .Select(declared => $"{Path.GetFileName(file)}: {declared}"));
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Name, uint Value)> NamesOf<T>(string prefix)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => (value.ToString()[prefix.Length..], Convert.ToUInt32(value, null))).Order();

    private static IEnumerable<(string Name, uint Value)> Ours<T>(Func<T, string> name)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => (name(value), Convert.ToUInt32(value, null))).Order();

    // gRPC's and etcd's own statuses have details and versions, and are followed by those.
    [GeneratedRegex(@"\{(\w+\.)*(Status|EndReason|State)\}|\{(status|state)\}(?! in etcd|, which)|\{SessionStatus\.\w+\}")]
    private static partial Regex BareName();

    [GeneratedRegex(@"\{(\w+\.)*[sS]essionId\}")]
    private static partial Regex BareId();

    [GeneratedRegex(@"\{SessionId:")]
    private static partial Regex FormattedId();

    [GeneratedRegex(@"static partial void \w+\([^)]*\)")]
    private static partial Regex DeclaredLogs();

    [GeneratedRegex(@"\b(SessionStatus|SessionState|SessionEndReason|ulong sessionId)\b")]
    private static partial Regex RawParameter();
}
