using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>The alerts and the dashboard of docs/watch, before a real Prometheus that reads a real master.</summary>
public sealed partial class WatchFilesTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(Built.Value("Docs"), "watch");

    private readonly TemporaryDirectory _directory = new();

    [GeneratedRegex("[a-z_]*(interop_sessions|dotnet)_[a-z_]+")]
    private static partial Regex Metric { get; }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Promtool_takes_the_alerts()
    {
        (int code, string said) = await Shell.RunAsync("promtool", "check", "rules", Path.Combine(s_folder, "alerts.yml"));
        Assert.True(code == 0, said);
    }

    [Fact]
    public void The_dashboard_is_one_and_asks_for_something_in_each_panel()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "dashboard.json")));
        Assert.All(
            dashboard.RootElement.GetProperty("panels").EnumerateArray(),
            panel => Assert.All(
                panel.GetProperty("targets").EnumerateArray(), target => Assert.Matches(Metric, target.GetProperty("expr").GetString()!)));
    }

    [Fact]
    public async Task Prometheus_has_every_metric_that_they_name_and_no_alert_of_a_master_that_is_well()
    {
        int[] ports = Ports.Free(2);
        (string watched, string prometheus) = ($"127.0.0.1:{ports[0]}", $"127.0.0.1:{ports[1]}");
        string rules = _directory.File("rules");
        await File.WriteAllTextAsync(rules, "allow * serve *\nallow - serve cs\n");
        TlsOptions own = new TestTls(_directory.Path).Master;
        using DaemonProcess daemon = await DaemonProcess.StartAsync(
            _directory.File("s.db"), "--http-listen", watched, "--authorization-file", rules,
            "--tls-cert-file", own.CertFile, "--tls-key-file", own.KeyFile, "--insecure", "loopback");
        await DoOneOfEachAsync(daemon.Port, rules);
        string configuration = _directory.File("prometheus.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ['{{Path.Combine(s_folder, "alerts.yml")}}']
            scrape_configs:
              - { job_name: cell, scheme: https, tls_config: { insecure_skip_verify: true }, static_configs: [{ targets: ['{{watched}}'] }] }
            """);
        using Process server = Process.Start(new ProcessStartInfo(
            "prometheus", [$"--config.file={configuration}", $"--storage.tsdb.path={_directory.File("tsdb")}", $"--web.listen-address={prometheus}"])
        {
            RedirectStandardError = true,
        })!;
        Task<string> log = server.StandardError.ReadToEndAsync();
        try
        {
            await AssertWatchedAsync(prometheus);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            await log;
        }
    }

    private static async Task AssertWatchedAsync(string prometheus)
    {
        using HttpClient client = new();

        SortedSet<string> named =
            [.. Directory.GetFiles(s_folder).SelectMany(file => Metric.Matches(File.ReadAllText(file))).Select(match => match.Value)];
        HashSet<string> known = [];
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    known = await NamesAsync(client, prometheus);
                    return named.IsSubsetOf(known);
                },
                "all are known");
        }
        finally
        {
            Assert.Empty(named.Except(known));
        }

        Assert.True(named.Count > 15);
        Assert.Equal(
            "1", (await QueryAsync(client, prometheus, "sum(interop_sessions_master_leads)"))
                .GetProperty("result")[0].GetProperty("value")[1].GetString());
        // The certificate of a test is good for hours.
        const string Others = "ALERTS{alertname!~\"SessionsDenied|SessionsCertificateEnds\"}";
        Assert.Equal(0, (await QueryAsync(client, prometheus, Others)).GetProperty("result").GetArrayLength());
    }

    /// <summary>What no instrument has counted yet is no metric.</summary>
    private static async Task DoOneOfEachAsync(int port, string rules)
    {
        using MasterClient client = new(port);
        Wire.SessionKey key = await client.CreateKeyAsync("cs/1", 60_000);
        using RenewalStream stream = client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        await client.CloseAsync(await client.CreateKeyAsync("cs/2", 60_000));
        await MasterClient.AssertRefusedAsync(SessionStatus.Unauthenticated, () => client.CreateAsync("meta"));
        await Assert.ThrowsAsync<RpcException>(async () => await client.Sessions.SetItemAsync(
            new Wire.SetItemRequest { Session = key, Key = "k", Value = Google.Protobuf.ByteString.CopyFrom(new byte[2 * Limits.MaxItemBytes]) }));
        await File.AppendAllTextAsync(rules, "# another\n");
    }

    private static async Task<HashSet<string>> NamesAsync(HttpClient client, string prometheus)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(
                await client.GetStringAsync(new Uri($"http://{prometheus}/api/v1/label/__name__/values")));
            return [.. answer.RootElement.GetProperty("data").EnumerateArray().Select(name => name.GetString()!)];
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return [];
        }
    }

    private static async Task<JsonElement> QueryAsync(HttpClient client, string prometheus, string query)
    {
        using JsonDocument answer = JsonDocument.Parse(
            await client.GetStringAsync(new Uri($"http://{prometheus}/api/v1/query?query={Uri.EscapeDataString(query)}")));
        return answer.RootElement.GetProperty("data").Clone();
    }
}
