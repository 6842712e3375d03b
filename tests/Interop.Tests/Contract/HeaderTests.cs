using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>The C header, the generated bindings, the exports and the built library say the same.</summary>
public sealed partial class HeaderTests
{
    [Fact]
    public void The_generated_bindings_are_what_the_header_says() =>
        Assert.Empty(Comparison.Differences(HeaderDeclarations.Read(Repository.Header), ManagedDeclarations.Generated()));

    [Fact]
    public void The_exports_have_the_signatures_of_the_header()
    {
        Declarations header = HeaderDeclarations.Read(Repository.Header);
        Assert.All(ManagedDeclarations.PlainFunctions, name => Assert.True(header.Functions.Remove(name), name));
        Assert.Empty(Comparison.Differences(header, ManagedDeclarations.Exported()));
    }

    [Fact]
    public unsafe void Every_status_of_the_header_has_its_name() =>
        Assert.All(
            HeaderDeclarations.Read(Repository.Header).Enums["interop_sessions_status"],
            status => Assert.Equal(
                status.Key["INTEROP_SESSIONS_".Length..],
                new string(InteropSessionsNative.interop_sessions_status_name((interop_sessions_status)status.Value))));

    [Fact]
    public unsafe void Every_state_reason_and_kind_of_the_header_has_its_name()
    {
        AssertNames("session_state", "STATE_", value => InteropSessionsNative.interop_sessions_session_state_name((interop_sessions_session_state)value), "UNKNOWN_STATE");
        AssertNames("end_reason", "END_", value => InteropSessionsNative.interop_sessions_end_reason_name((interop_sessions_end_reason)value), "UNKNOWN_REASON");
        AssertNames("connection_state", "CONNECTION_", value => InteropSessionsNative.interop_sessions_connection_state_name((interop_sessions_connection_state)value), "UNKNOWN_CONNECTION");
        AssertNames("access_point_kind", "ACCESS_POINT_", value => InteropSessionsNative.interop_sessions_access_point_kind_name((interop_sessions_access_point_kind)value), "UNKNOWN_KIND");
    }

    [Fact]
    public void The_library_exports_the_functions_of_the_header_and_nothing_else() =>
        Assert.Equal(
            HeaderDeclarations.Read(Repository.Header).Functions.Keys.Order(StringComparer.Ordinal),
            ExportedSymbols().Order(StringComparer.Ordinal));

    [Fact]
    public void The_version_script_lists_the_functions_of_the_header() =>
        Assert.Equal(
            HeaderDeclarations.Read(Repository.Header).Functions.Keys.Order(StringComparer.Ordinal),
            ScriptLine().Matches(File.ReadAllText(Repository.VersionScript)).Select(m => m.Groups[1].Value)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Statuses_are_the_same_in_C_in_CSharp_and_on_the_wire()
    {
        SortedDictionary<string, long> header =
            HeaderDeclarations.Read(Repository.Header).Enums["interop_sessions_status"];
        Dictionary<string, long> expected = header.ToDictionary(
            c => c.Key["INTEROP_SESSIONS_".Length..].Replace("_", "", StringComparison.Ordinal).ToUpperInvariant(),
            c => c.Value);
        Assert.Equal(expected.Order(ByName), Named<SessionStatus>().Order(ByName));
        Assert.Equal(expected.Order(ByName), Named<Status>().Order(ByName));
    }

    [Theory]
    [InlineData("uint32_t report_size;", "uint64_t report_size;", "interop_sessions_report_window")]
    [InlineData("INTEROP_SESSIONS_TOO_LONG = 4", "INTEROP_SESSIONS_TOO_LONG = 49", "TOO_LONG")]
    [InlineData("  uint64_t session_id;\n  uint64_t epoch; ", "  uint64_t epoch;\n  uint64_t session_id; ", "interop_sessions_session_info")]
    [InlineData("uint16_t* port", "uint32_t* port", "interop_sessions_master_port")]
    [InlineData("char message[512];", "char message[256];", "interop_sessions_error")]
    [InlineData("uint64_t expected_epoch, interop_sessions_string prefix", "uint64_t epoch, interop_sessions_string prefix", "interop_sessions_follower_list_items")]
    [InlineData("void (*session_ended)(void* user_data", "void (*session_ended)(uint64_t user_data", "interop_sessions_access_manager")]
    [InlineData("interop_sessions_status interop_sessions_shutdown(", "void interop_sessions_shutdown(", "interop_sessions_shutdown")]
    [InlineData("interop_sessions_status interop_sessions_master_stop(", "interop_sessions_status interop_sessions_master_halt(", "interop_sessions_master_halt")]
    public void A_difference_between_header_and_bindings_is_found(string original, string changed, string named)
    {
        string text = File.ReadAllText(Repository.Header);
        Assert.Contains(original, text, StringComparison.Ordinal);
        string copy = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.h");
        File.WriteAllText(copy, text.Replace(original, changed, StringComparison.Ordinal));
        try
        {
            IReadOnlyList<string> differences =
                Comparison.Differences(HeaderDeclarations.Read(copy), ManagedDeclarations.Generated());
            Assert.Contains(differences, difference => difference.Contains(named, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private unsafe delegate sbyte* NameOf(long value);

    private static unsafe void AssertNames(string type, string group, NameOf nameOf, string none)
    {
        Assert.All(
            HeaderDeclarations.Read(Repository.Header).Enums[$"interop_sessions_{type}"],
            constant => Assert.Equal(constant.Key[$"INTEROP_SESSIONS_{group}".Length..], new string(nameOf(constant.Value))));
        Assert.Equal(none, new string(nameOf(12345)));
    }

    private static readonly Comparer<KeyValuePair<string, long>> ByName =
        Comparer<KeyValuePair<string, long>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private static Dictionary<string, long> Named<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => value.ToString().ToUpperInvariant(), value => Convert.ToInt64(value, null));

    private static List<string> ExportedSymbols()
    {
        using Process nm = Process.Start(new ProcessStartInfo("nm")
        {
            ArgumentList = { "-D", "--defined-only", Repository.Library },
            RedirectStandardOutput = true,
        })!;
        string output = nm.StandardOutput.ReadToEnd();
        nm.WaitForExit();
        Assert.Equal(0, nm.ExitCode);

        // The version node itself is listed as an absolute symbol.
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(columns => columns[1] != "A")
            .Select(columns => columns[2].Split('@')[0])];
    }

    [GeneratedRegex(@"^    (interop_sessions_\w+);$", RegexOptions.Multiline)]
    private static partial Regex ScriptLine();
}
