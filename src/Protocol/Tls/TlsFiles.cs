using System;
using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The files of <see cref="TlsOptions"/>, read by a thread of their own at the start and every <see cref="Limits.CertificateLookMs"/>:
/// no handshake waits for a file system. Files that do not fit together, since somebody is replacing them one by one, or has made a
/// mistake, leave the former ones in use.
/// </summary>
public sealed class TlsFiles : IDisposable
{
    private readonly ITlsNews _news;
    private readonly ManualResetEventSlim _firstRead = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly BootTime _time;
    private readonly Thread _thread;
    private volatile TlsMaterial? _now;
    private SessionException? _firstFailure;
    private TlsTexts? _texts;
    private string? _failure;
    private bool _isFailureTold;
    private DateTime _nextWarning;

    private TlsFiles(TlsOptions options, string field, ITlsNews news, Action<Exception> unexpected, BootTime time)
    {
        _time = time;
        Options = options;
        Field = field;
        _news = news;
        _thread = OwnThread.New("sessions-tls", Round, unexpected);
    }

    /// <summary>What is spoken.</summary>
    public TlsOptions Options { get; }

    /// <summary>The name of the options in errors: "tls".</summary>
    internal string Field { get; }

    /// <summary>What the files say by now.</summary>
    public TlsMaterial Now => _now!;

    /// <summary>When this side's own certificate ends; null: it has none.</summary>
    public DateTime? End => _now?.Own?.TargetCertificate.NotAfter.ToUniversalTime();

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="options">Which have been checked; not changed from here on.</param>
    /// <param name="field">The name of the options in errors: "tls".</param>
    /// <param name="news">Told of changes from here on.</param>
    /// <param name="unexpected">Told, on the thread, of what else keeps the files from being looked at, or the news from being told.</param>
    /// <param name="time">By which it waits between two looks; null: the machine's.</param>
    /// <exception cref="SessionException">
    /// InvalidArgument, naming field and file; TimedOut: the file system gives no answer; Unsupported: there is no OpenSSL;
    /// OutOfResources.
    /// </exception>
    public static TlsFiles Open(
        TlsOptions options, string field, ITlsNews news, Action<Exception> unexpected, BootTime? time = null)
    {
        LibSsl.Require();
        TlsFiles files = new(options with { }, field, news, unexpected, time ?? BootTime.OfMachine);
        files._thread.StartOrRefuse();
        if (!files._firstRead.Wait(Limits.CertificateFirstReadMs))
        {
            files.Dispose();
            throw new SessionException(
                SessionStatus.TimedOut,
                $"the files of {field} were not read within {Limits.CertificateFirstReadMs} ms: the file system does not answer");
        }

        if (files._firstFailure is { } failure)
        {
            throw failure;
        }

        TlsMeter.Add(files);
        return files;
    }

    /// <summary>Looks no more. A thread that hangs in a file system is left there: it ends when that answers.</summary>
    public void Dispose()
    {
        _over.Set();
        TlsMeter.Remove(this);
        _thread.Join((int)Limits.RetryPauseMs);
    }

    /// <summary>How long the certificates of each file are good.</summary>
    internal IEnumerable<CertificateSpan> SpansAt(DateTime now) => _now?.SpansAt(Options, now) ?? [];

    private bool Round()
    {
        bool isFirst = !_firstRead.IsSet;
        if (isFirst)
        {
            ReadFirst();
        }

        if (_firstFailure != null || (!isFirst && _time.Wait(_over, Limits.CertificateLookMs)))
        {
            return false;
        }

        // No memory, or the news could not be told: the former ones are used, and the next time is another try.
        try
        {
            if (!isFirst)
            {
                Look();
            }
        }
        finally
        {
            WarnOfEnd();
        }

        return true;
    }

    private void ReadFirst()
    {
        try
        {
            _texts = TlsTexts.Read(Options, Field);
            _now = TlsMaterial.Of(Options, Field, _texts);
        }
        catch (Exception error)
        {
            _firstFailure = error as SessionException ?? new SessionException(SessionStatus.Internal, $"{Field}: {error.Message}", error);
        }

        _firstRead.Set();
    }

    private void Look()
    {
        try
        {
            TlsTexts texts = TlsTexts.Read(Options, Field);
            if (texts != _texts)
            {
                _now = TlsMaterial.Of(Options, Field, texts);
                (_texts, _nextWarning) = (texts, default);
                _news.Replaced(Options, End);
            }

            (_failure, _isFailureTold) = (null, false);
        }
        catch (SessionException failure)
        {
            Note(failure.Message);
        }
    }

    // Not before it lasts: between the replacing of one file and of the next they never fit.
    private void Note(string failure)
    {
        if (failure != _failure)
        {
            (_failure, _isFailureTold) = (failure, false);
        }
        else if (!_isFailureTold)
        {
            _isFailureTold = true;
            _news.Unreadable(failure);
        }
    }

    private void WarnOfEnd()
    {
        DateTime now = DateTime.UtcNow;
        if (now < _nextWarning)
        {
            return;
        }

        foreach (CertificateSpan span in SpansAt(now))
        {
            if (CertificateLife.IsNearEnd(span.From, span.Until, now, Options.WarningDays))
            {
                _nextWarning = now.AddMilliseconds(Limits.CertificateWarningIntervalMs);
                _news.EndsSoon(span.File, span.Until, span.Until - now);
            }
        }
    }
}
