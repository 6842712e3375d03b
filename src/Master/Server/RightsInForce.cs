using System;
using System.IO;
using System.Text;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>What decides about rights at a time; another one has another version.</summary>
/// <param name="Version">Counts changes.</param>
/// <param name="Rules">Null: there is no file of rules, and the host alone decides.</param>
/// <param name="Tokens">Who has which.</param>
/// <param name="Rates">How often callers have asked, by these rules.</param>
internal sealed record RightsSight(long Version, AccessRules? Rules, TokenNames Tokens, SharedRates Rates);

/// <summary>The rules, the tokens and the host that decide who may do what: files that are followed while they change.</summary>
internal sealed class RightsInForce : IDisposable
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly ILogger _logger;
    private readonly MasterMetrics _metrics;
    private readonly FileLooks? _looks;
    private volatile RightsSight _sight = new(0, null, TokenNames.None, new SharedRates([]));

    private RightsInForce(SessionMasterOptions options, ILogger logger, MasterMetrics metrics, BootTime time)
    {
        _logger = logger;
        _metrics = metrics;
        ChangingFile? rules = Follow("rules", options.AuthorizationFile, (text, source) =>
        {
            AccessRules parsed = AccessRulesText.Parse(text, source);
            _sight = _sight with { Version = _sight.Version + 1, Rules = parsed, Rates = new SharedRates(parsed.Rates) };
            Quotas.Write(parsed.Quotas);
        });
        ChangingFile? tokens = Follow("tokens", options.TokensFile, (text, source) =>
            _sight = _sight with { Version = _sight.Version + 1, Tokens = TokenNames.Parse(text, source) });
        rules?.Begin();
        tokens?.Begin();
        Host = options.Authorize is { } authorize ? new AuthorizeThreads(authorize, logger, time) : null;
        _looks = rules == null && tokens == null ? null : new FileLooks(
            () =>
            {
                try
                {
                    rules?.Look();
                }
                finally
                {
                    // Whatever the rules are: who has which token is followed.
                    tokens?.Look();
                }
            },
            LastCatch.To(logger), time);
    }

    /// <summary>What decides now.</summary>
    internal RightsSight Sight => _sight;

    /// <summary>How much there may be of what the rules give.</summary>
    internal QuotaBoard Quotas { get; } = new();

    /// <summary>Asks the host; null: it is not asked.</summary>
    internal AuthorizeThreads? Host { get; }

    /// <summary>Reads the files; null: every caller may do everything.</summary>
    /// <exception cref="SessionException">InvalidArgument: names the file, the line, and what is wrong with it.</exception>
    internal static RightsInForce? Of(SessionMasterOptions options, ILogger logger, MasterMetrics metrics, BootTime time) =>
        options.AuthorizationFile.Length == 0 && options.Authorize == null ? null : new(options, logger, metrics, time);

    /// <summary>Ends the looks, and waits for the host's Authorize where that runs.</summary>
    public void Dispose()
    {
        _looks?.Dispose();
        Host?.Dispose();
    }

    private ChangingFile? Follow(string content, string path, Action<string, string> take)
    {
        if (path.Length == 0)
        {
            return null;
        }

        // A relative path means what it meant at the start.
        string file = Path.GetFullPath(path);
        string what = $"file of {content}";
        string source = $"{what} '{path}'";
        return new ChangingFile(
            () => SmallFile.Read(
                file, what, Limits.MaxRightsFileBytes, UnixFileMode.OtherWrite, "every user of the machine could give itself rights"),
            bytes => take(TextOf(bytes, source), source),
            problem => Tell(content, path, problem));
    }

    private void Tell(string content, string path, SessionException? problem)
    {
        _metrics.NoteRightsFile(content, isInForce: problem == null);
        MasterLog.RightsFileChanged(_logger, path, problem);
    }

    private static string TextOf(byte[] content, string source)
    {
        try
        {
            return s_strict.GetString(content);
        }
        catch (DecoderFallbackException error)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{source} is no text in UTF-8", error);
        }
    }
}
