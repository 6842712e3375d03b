using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Boundary;
using Interop.Sessions.Control;
using Interop.Sessions.Follower;
using Interop.Sessions.Interop.Tests.Contract;
using Interop.Sessions.Master;
using Interop.Sessions.Native;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Settings;

/// <summary>What is said of a setting anywhere is what its table says.</summary>
public sealed partial class SettingsTests
{
    private static readonly SettingsTable[] s_tables =
    [
        SettingsTable.Of("settings of a master", "C ABI, `session-master`", MasterSettings.All, NamesOf),
        SettingsTable.Of("settings of etcd", "of `etcd`", EtcdSettings.All, NamesOf),
        SettingsTable.Of("settings of sessionctl", "option", ControlSettings.All, setting => [$"`{setting.Flag}`"]),
        SettingsTable.Of("settings of a follower manager", "option", FollowerSettings.All, NamesOf),
    ];

    /// <summary>As if they were no part of anything.</summary>
    private static readonly IReadOnlyList<Setting<TlsOptions>> s_tls =
        new TlsSettings<TlsOptions>(TlsRole.Client, "", options => options, null, name: "").All;

    public static TheoryData<string> Tables => [.. s_tables.Select(table => table.Name)];

    [GeneratedRegex(@"\b\d{3,}\b")]
    private static partial Regex LongNumber { get; }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_in_the_docs_has_these_settings(string name)
    {
        SettingsTable table = s_tables.Single(one => one.Name == name);
        // Only tests/record-settings asks for it: that is how the table is written.
        if (Environment.GetEnvironmentVariable("INTEROP_SESSIONS_RECORD_SETTINGS") != null)
        {
            table.Record();
        }

        Assert.Equal(table.Text, table.Recorded());
    }

    [Fact]
    public void The_man_pages_have_these_settings()
    {
        Assert.Empty(Missing("session-master.8", MasterSettings.All.Where(setting => setting != MasterSettings.Etcd)));
        Assert.Empty(Missing("session-master.8", EtcdSettings.All));
        Assert.Empty(Missing("sessionctl.1", ControlSettings.All));
    }

    [Fact]
    public void Each_option_of_C_has_a_setting_and_no_setting_says_that_C_has_it_without()
    {
        AssertInC("interop_sessions_master_options", MasterSettings.All, "access_manager");
        AssertInC("interop_sessions_etcd_options", EtcdSettings.All);
        AssertInC("interop_sessions_follower_manager_options", FollowerSettings.All, "endpoint_count");
        AssertInC("interop_sessions_tls_options", s_tls);
    }

    [Fact]
    public void Each_option_of_NET_has_a_setting()
    {
        AssertInNet(MasterSettings.All, nameof(SessionMasterOptions.ReturnsMemory), nameof(SessionMasterOptions.Authorize));
        AssertInNet(EtcdSettings.All);
        AssertInNet(FollowerSettings.All);
        AssertInNet(s_tls);
    }

    [Fact]
    public void The_header_says_each_default_and_no_other_limit()
    {
        AssertNumbers("interop_sessions_master_options", MasterSettings.All);
        AssertNumbers("interop_sessions_etcd_options", EtcdSettings.All);
        AssertNumbers("interop_sessions_follower_manager_options", FollowerSettings.All);
        AssertNumbers("interop_sessions_tls_options", s_tls);
    }

    [Fact]
    public unsafe void What_C_leaves_0_has_the_default_of_its_setting()
    {
        interop_sessions_etcd_options etcd = new() { struct_size = (uint)sizeof(interop_sessions_etcd_options) };
        SessionMasterOptions read = MasterOptions.FromNative(new interop_sessions_master_options { etcd = &etcd });

        // C must say where to listen.
        Assert.Equal(["listen_address"], OtherThanDefault(read, MasterSettings.All));
        Assert.Empty(OtherThanDefault(read.Etcd!, EtcdSettings.All));
    }

    [Fact]
    public void A_command_line_names_what_is_wrong_by_its_flags()
    {
        SessionMasterOptions neither = new();
        Assert.Equal("exactly one of --store and --etcd must be given", Refusal(neither));
        Assert.Equal("--min-term-ms is 5000; it must be 200 to 4000", Refusal(new() { StorePath = "a", MinTermMs = 5000, MaxTermMs = 4000 }));
        Assert.Equal("--advertise 'm1' is not host:port", Refusal(new() { StorePath = "a", AdvertiseAddress = "m1" }));
        EtcdOptions etcd = new() { Endpoints = "e1:2379", Username = "u", Insecure = Insecure.Loopback };
        Assert.Equal("--etcd-username goes together with --etcd-password-file", Refusal(new() { Etcd = etcd }));
        Assert.Equal("--leader-term-ms is 2500; it must be 2000 to 60000, in whole seconds", Refusal(new() { Etcd = new() { Endpoints = "e1:2379", LeaderTermMs = 2500 } }));
    }

    private static string Refusal(SessionMasterOptions options) =>
        Assert.Throws<SessionException>(() => options.Validate(Spelling.CommandLine)).Message;

    private static IEnumerable<string> OtherThanDefault<T>(T read, IEnumerable<Setting<T>> settings)
        where T : new() =>
        settings.Where(setting => setting.TextOf(read) != setting.Default).Select(setting => setting.Name);

    // Those of TLS are a part of other options, and are looked at by themselves.
    private static bool IsOfTls<T>(Setting<T> setting)
        where T : new() => InTable(setting.Name).StartsWith("tls.", StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf<T>(Setting<T> setting)
        where T : new()
    {
        yield return setting.IsInC ? $"`{InTable(setting.Name)}`" : $"`{InTable(setting.NameIn(Spelling.DotNet))}` (.NET)";
        if (setting.Flag.Length > 0)
        {
            yield return $"`{setting.Flag}`";
        }
    }

    // "etcd.prefix" is `prefix` in the table of etcd.
    private static string InTable(string name) => name.StartsWith("etcd.", StringComparison.OrdinalIgnoreCase) ? name[5..] : name;

    // "tls.ca_file" is the member `tls` of what it is a part of.
    private static string Member(string name) => InTable(name).Split('.')[0];

    private static IEnumerable<string> Missing<T>(string page, IEnumerable<Setting<T>> settings)
        where T : new()
    {
        string text = File.ReadAllText(Repository.ManPage(page)).Replace("\\-", "-", StringComparison.Ordinal);
        return settings.Where(setting => setting.Flag.Length > 0).Select(Paragraph)
            .Where(paragraph => !text.Contains(paragraph, StringComparison.Ordinal));
    }

    private static string Paragraph<T>(Setting<T> setting)
        where T : new()
    {
        bool isSwitch = setting is SwitchSetting<T>;
        string limits = setting.LimitsIn(Spelling.CommandLine);
        return $".TP\n.B {setting.Flag}{(isSwitch ? "" : $" <{setting.Value}>")}\n{setting.Description}" +
            (limits.Length > 0 ? $" [{limits}]" : "") + (isSwitch || setting.Default.Length == 0 ? "" : $" [default: {setting.Default}]") + "\n";
    }

    private static void AssertInC<T>(string name, IEnumerable<Setting<T>> settings, params string[] others)
        where T : new() => Assert.Equal(
        HeaderDeclarations.Read(Repository.Header).Structs[name].Fields.Select(field => field.Name)
            .Where(field => field != "struct_size" && !field.StartsWith("reserved", StringComparison.Ordinal)).Except(others)
            .Order(StringComparer.Ordinal),
        settings.Where(setting => setting.IsInC).Select(setting => Member(setting.Name)).Distinct().Order(StringComparer.Ordinal));

    private static void AssertInNet<T>(IEnumerable<Setting<T>> settings, params string[] others)
        where T : new() => Assert.Equal(
        typeof(T).GetProperties().Select(property => property.Name).Except(others).Order(StringComparer.Ordinal),
        settings.Select(setting => Member(setting.NameIn(Spelling.DotNet))).Distinct().Order(StringComparer.Ordinal));

    private static void AssertNumbers<T>(string name, IEnumerable<Setting<T>> settings)
        where T : new()
    {
        string header = File.ReadAllText(Repository.Header);
        int start = header.IndexOf($"typedef struct {name} {{", StringComparison.Ordinal);
        string text = header[start..header.IndexOf($"}} {name};", start, StringComparison.Ordinal)];
        IEnumerable<NumberSetting<T>> own = settings.OfType<NumberSetting<T>>().Where(setting => setting.IsInC && !IsOfTls(setting));
        Assert.Empty(own.SelectMany(setting => Disagreements(text, setting)));
    }

    private static IEnumerable<string> Disagreements<T>(string text, NumberSetting<T> setting)
        where T : new()
    {
        string field = Member(setting.Name);
        string comment = Regex.Match(text, $@"\s{field};\s*/\*(.*?)\*/", RegexOptions.Singleline).Groups[1].Value;
        string[] said = [.. LongNumber.Matches(comment).Select(match => match.Value)];
        string[] allowed = [setting.Default, $"{setting.Least}", $"{setting.Most}"];
        return comment.Contains($"default {setting.Default}", StringComparison.Ordinal) || Regex.IsMatch(comment, $@"default\s[\s*]*{setting.Default}\b")
            ? said.Except(allowed).Select(number => $"{field}: {number}")
            : [$"{field}: default {setting.Default}"];
    }
}
