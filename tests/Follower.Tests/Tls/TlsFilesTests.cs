using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Tls;

/// <summary>Files of certificates as they are, as they change, and as they hang.</summary>
[SupportedOSPlatform("linux")]
public sealed class TlsFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestTls _tls;
    private readonly Notes _news = new();
    private readonly History _log = new();

    public TlsFilesTests() => _tls = new TestTls(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Files_that_are_replaced_are_used_from_then_on()
    {
        using TlsFiles files = Open(_tls.Client());
        DateTime? first = files.End;

        _tls.Client(ends: DateTimeOffset.UtcNow.AddHours(10));

        Eventually.IsTrue(() => files.End < first, () => "the new one used");
        Eventually.IsTrue(() => _news.Told.Count(what => what.StartsWith("replaced", StringComparison.Ordinal)) == 1, () => "told of");
    }

    [Fact]
    public void What_cannot_be_used_leaves_the_former_ones_and_is_told_once()
    {
        TlsOptions options = _tls.Client();
        using TlsFiles files = Open(options);
        TlsMaterial former = files.Now;

        File.WriteAllText(options.KeyFile, "no key");

        Eventually.IsTrue(() => !_news.Told.IsEmpty, () => "told of");
        Assert.Contains(options.CertFile, _news.Told.First(), StringComparison.Ordinal);
        Assert.Same(former, files.Now);

        _tls.Client();

        Eventually.IsTrue(() => files.Now != former, () => "the next ones used");
        Assert.Single(_news.Told, what => what.StartsWith("unreadable", StringComparison.Ordinal));
    }

    [Fact]
    public void News_that_throw_keep_no_later_certificate_from_being_used()
    {
        _news.Throws = true;
        using TlsFiles files = Open(_tls.Client(ends: DateTimeOffset.UtcNow.AddMinutes(10)));
        for (int hours = 2; hours < 4; hours++)
        {
            TlsMaterial former = files.Now;
            _tls.Client(ends: DateTimeOffset.UtcNow.AddHours(hours));
            Eventually.IsTrue(() => files.Now != former, () => "the next ones used");
        }

        Assert.NotEmpty(_log.Logged);
        Assert.All(_log.Logged, line => Assert.StartsWith("thread sessions-tls met", line.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_thread_that_is_thrown_at_where_it_waits_looks_again()
    {
        ThrowingTime time = new("sessions-tls");
        using TlsFiles files = TlsFiles.Open(_tls.Client(), "tls", _news, LastCatch.To(_log), time);

        time.BreakTheWait(1);

        TlsMaterial former = files.Now;
        _tls.Client(ends: DateTimeOffset.UtcNow.AddHours(10));
        Eventually.IsTrue(() => files.Now != former, () => "the next ones used");
        Assert.StartsWith("thread sessions-tls met", Assert.Single(_log.Logged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_told_of()
    {
        TlsOptions options = _tls.Client(ends: DateTimeOffset.UtcNow.AddMinutes(10));
        using TlsFiles files = Open(options);
        Eventually.IsTrue(() => _news.Told.Contains($"ends soon {options.CertFile}"), () => "warned of");
    }

    [Fact]
    public void How_long_each_file_is_good_is_measured_as_long_as_it_is_used()
    {
        TlsOptions options = _tls.Client(ends: DateTimeOffset.UtcNow.AddMinutes(10));
        ConcurrentDictionary<string, double> left = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "interop_sessions.certificate_left")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => left[tags[1].Value!.ToString()!] = value);
        listener.Start();
        using (Open(options))
        {
            listener.RecordObservableInstruments();
            Assert.InRange(left[options.CertFile], 60, 600);
            Assert.InRange(left[options.CaFile], 3600, 24 * 3600);
        }

        left.Clear();
        listener.RecordObservableInstruments();
        Assert.DoesNotContain(options.CertFile, left.Keys);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused() => Refuses(
        _tls.Client() with { KeyFile = _tls.Client("other").KeyFile }, SessionStatus.InvalidArgument, "tls.cert_file or tls.key_file");

    [Fact]
    public void A_file_that_is_not_there_is_named() => Refuses(
        new TlsOptions { CaFile = _directory.File("missing.pem") }, SessionStatus.InvalidArgument, "missing.pem");

    [Fact]
    public void A_directory_is_no_file() => Refuses(
        new TlsOptions { CaFile = _directory.Path }, SessionStatus.InvalidArgument, "tls.ca_file");

    [Fact]
    public void A_file_without_end_is_refused() => Refuses(
        new TlsOptions { CaFile = "/dev/zero" }, SessionStatus.InvalidArgument, "tls.ca_file '/dev/zero' is no regular file");

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        string large = _directory.File("large.pem");
        File.WriteAllText(large, new string(' ', Limits.MaxCertificateFileBytes + 1));
        Refuses(new TlsOptions { CaFile = large }, SessionStatus.InvalidArgument, $"more than {Limits.MaxCertificateFileBytes} bytes");
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead, "has mode 0604: every user of the machine could show this certificate")]
    [InlineData(UnixFileMode.OtherWrite, "has mode 0602")]
    public void A_key_that_every_user_of_the_machine_may_read_is_refused(UnixFileMode other, string said)
    {
        TlsOptions options = _tls.Client();
        File.SetUnixFileMode(options.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | other);
        Refuses(options, SessionStatus.InvalidArgument, said);
    }

    [Fact]
    public void Authorities_that_every_user_of_the_machine_may_write_are_refused()
    {
        TlsOptions options = _tls.Client();
        File.SetUnixFileMode(options.CaFile, File.GetUnixFileMode(options.CaFile) | UnixFileMode.OtherWrite);
        Refuses(options, SessionStatus.InvalidArgument, "every user of the machine could be trusted");
    }

    [Fact]
    public void A_pipe_is_no_file_and_nobody_waits_for_its_writer()
    {
        string pipe = _directory.File("pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        Refuses(new TlsOptions { CaFile = pipe }, SessionStatus.InvalidArgument, "is no regular file");
    }

    private TlsFiles Open(TlsOptions options) => TlsFiles.Open(options, "tls", _news, LastCatch.To(_log));

    private void Refuses(TlsOptions options, SessionStatus status, string named)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Open(options));
        Assert.Equal(status, refusal.Status);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Notes : ITlsNews
    {
        internal ConcurrentQueue<string> Told { get; } = new();

        /// <summary>Whoever is told throws.</summary>
        internal bool Throws { get; set; }

        public void Replaced(TlsOptions options, DateTime? until) => Hear($"replaced {TlsNews.FilesOf(options)}");

        public void Unreadable(string reason) => Hear($"unreadable {reason}");

        public void EndsSoon(string file, DateTime until, TimeSpan left) => Hear($"ends soon {file}");

        private void Hear(string what)
        {
            Told.Enqueue(what);
            if (Throws)
            {
                throw new InvalidOperationException("a log of the host");
            }
        }
    }
}
