using System;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <summary>Logs what is to be told of the certificates of a process's followers.</summary>
internal sealed class FollowerTlsNews(ILogger logger) : ITlsNews
{
    public void Replaced(TlsOptions options, DateTime? until) =>
        FollowerLog.CertificatesReplaced(logger, TlsNews.FilesOf(options), TlsNews.TextOf(until));

    public void Unreadable(string reason) => FollowerLog.CertificatesUnreadable(logger, reason);

    public void EndsSoon(string file, DateTime until, TimeSpan left) =>
        FollowerLog.CertificateEnds(logger, file, until, left);
}
