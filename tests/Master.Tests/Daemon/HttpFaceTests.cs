using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>What session-master serves over HTTP: metrics and probes.</summary>
public sealed class HttpFaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _address = $"127.0.0.1:{Ports.Free(1)[0]}";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_leader_is_ready_and_says_with_which_epoch_it_leads()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        using HttpClient client = new();

        Assert.Equal((HttpStatusCode.OK, "lives\n"), await GetAsync(client, "/live"));
        (HttpStatusCode status, string text) = await GetAsync(client, "/leader");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("^leads with master epoch [0-9]+\n$", text);
        Assert.Equal((HttpStatusCode.OK, text), await GetAsync(client, "/ready"));
    }

    [Fact]
    public async Task A_master_that_waits_for_its_etcd_is_ready_and_no_leader()
    {
        using DaemonProcess daemon = await DaemonProcess.StartOnEtcdAsync("127.0.0.1:1", "--http-listen", _address);
        using HttpClient client = new();

        Assert.Equal((HttpStatusCode.OK, "stands by\n"), await GetAsync(client, "/ready"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "stands by\n"), await GetAsync(client, "/leader"));
        Assert.Contains("\ninterop_sessions_master_leads{} 0\n", (await GetAsync(client, "/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_show_what_was_done()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        using HttpClient client = new();
        using (MasterClient follower = new(daemon.Port))
        {
            await follower.CreateKeyAsync("one", 60_000);
            await follower.CloseAsync(await follower.CreateKeyAsync("two", 60_000));
        }

        string text = (await GetAsync(client, "/metrics")).Text;
        Assert.Contains("\ninterop_sessions_master_sessions{} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ninterop_sessions_master_sessions_granted_total{} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\ninterop_sessions_master_sessions_ended_total{reason=\"Closed\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ninterop_sessions_master_leaderships_total{event=\"began\"} 1\n", text, StringComparison.Ordinal);
        Assert.Matches("\ninterop_sessions_master_commit_time_seconds_count\\{\\} [2-9]", text);
        Assert.Contains("interop_sessions_master_commit_time_seconds_bucket{le=\"0.0005\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_and_what_may_not_be_done_is_told()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        using HttpClient client = new();

        Assert.Equal((HttpStatusCode.NotFound, "there are /metrics, /live, /ready and /leader\n"), await GetAsync(client, "/"));
        using HttpResponseMessage posted = await client.PostAsync(new Uri($"http://{_address}/live"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Theory]
    [InlineData("0.0.0.0:0", "--http-listen is 0.0.0.0:0, which is no loopback address: there is no TLS, and --insecure is loopback")]
    [InlineData("nowhere", "--http-listen 'nowhere' is not host:port")]
    [InlineData("name:80", "--http-listen 'name:80' has no numeric host and not localhost")]
    public async Task Where_it_may_not_listen_is_named(string address, string said)
    {
        (int code, string errors) = await EndAsync(address);
        Assert.Equal(1, code);
        Assert.Contains($"INVALID_ARGUMENT: {said}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        (int code, string errors) = await EndAsync(_address);
        Assert.Equal(1, code);
        Assert.Contains($"ADDRESS_IN_USE: --http-listen {_address}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_TLS_it_speaks_that_alone_and_asks_who_comes()
    {
        TestTls tls = new(_directory.Path);
        TlsOptions own = tls.MutualMaster;
        using DaemonProcess daemon = await DaemonProcess.StartAsync(
            _directory.File("s.db"), "--http-listen", _address,
            "--tls-cert-file", own.CertFile, "--tls-key-file", own.KeyFile, "--tls-ca-file", own.CaFile);
        using HttpClient known = new(Dialling.OverTls(tls.CaFile, tls.Client("watcher")));
        using HttpClient unknown = new(Dialling.OverTls(tls.CaFile, null));
        using HttpClient plain = new();

        Assert.Equal("lives\n", await known.GetStringAsync(new Uri($"https://{_address}/live")));
        Assert.Contains(
            $"interop_sessions_certificate_left_seconds{{file=\"{own.CertFile}\",use=\"tls\"}} ",
            await known.GetStringAsync(new Uri($"https://{_address}/metrics")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => unknown.GetStringAsync(new Uri($"https://{_address}/live")));
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetStringAsync(new Uri($"http://{_address}/live")));
    }

    [Fact]
    public async Task Certificates_and_the_authority_are_replaced_under_a_scrape_that_goes_on()
    {
        TestTls tls = new(_directory.Path);
        TlsOptions own = tls.MutualMaster;
        using DaemonProcess daemon = await DaemonProcess.StartAsync(
            _directory.File("s.db"), "--http-listen", _address,
            "--tls-cert-file", own.CertFile, "--tls-key-file", own.KeyFile, "--tls-ca-file", own.CaFile);
        Uri live = new($"https://{_address}/live");
        using HttpClient former = new(Dialling.OverTls(tls.CaFile, tls.Client("watcher")));
        Assert.Equal("lives\n", await former.GetStringAsync(live));
        tls.Rotate(["watcher"], between: () => { });
        TlsOptions next = new() { CaFile = _directory.File("next.pem"), CertFile = _directory.File("watcher.pem"), KeyFile = _directory.File("watcher.key") };

        await Eventually.IsTrueAsync(
            async () =>
            {
                Assert.Equal("lives\n", await former.GetStringAsync(live));
                // It trusts the next authority alone, and shows a certificate of it.
                using HttpClient dialled = new(Dialling.OverTls(next.CaFile, next));
                try
                {
                    return await dialled.GetStringAsync(live) == "lives\n";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the new certificate is shown");
    }

    [Fact]
    public async Task Connections_that_say_nothing_keep_no_probe_out()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        List<TcpClient> silent = [];
        try
        {
            for (int i = 0; i < 200; i++)
            {
                TcpClient client = new();
                silent.Add(client);
                await client.ConnectAsync(IPEndPoint.Parse(_address));
            }

            for (int i = 0; i < 10; i++)
            {
                using HttpClient probe = new() { Timeout = TimeSpan.FromSeconds(20) };
                Assert.Equal((HttpStatusCode.OK, "lives\n"), await GetAsync(probe, "/live"));
            }
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task An_address_that_dials_without_end_takes_no_place_of_another()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        using TcpClient probe = new();
        await probe.ConnectAsync(IPEndPoint.Parse(_address));
        List<TcpClient> flood = [];
        try
        {
            for (int i = 0; i < 200; i++)
            {
                TcpClient client = new(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                flood.Add(client);
                await client.ConnectAsync(IPEndPoint.Parse(_address));
            }

            // So many are served at once that all others were told to go.
            await Eventually.IsTrueAsync(() => flood.Count(IsClosed) >= 200 - Limits.MaxProbeConnections, "the flood is cut");
            await probe.GetStream().WriteAsync("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            byte[] answer = new byte[32];
            int length = await Eventually.Ends(probe.GetStream().ReadAsync(answer).AsTask());
            Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        }
        finally
        {
            flood.ForEach(client => client.Dispose());
        }

        static bool IsClosed(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead);
    }

    [Fact]
    public async Task It_stops_with_the_program()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--http-listen", _address);
        await daemon.EndsCleanlyAsync();
        using HttpClient client = new();
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, "/live"));
    }

    private Task<(int ExitCode, string Errors)> EndAsync(string address) => DaemonProcess.EndAsync(
        DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", _directory.File("other.db"), "--create",
        "--http-listen", address);

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{_address}{path}"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
