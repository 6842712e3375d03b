using System;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <summary>Logs what is to be told of a master's certificates, and of those that it shows etcd.</summary>
internal sealed class MasterTlsNews(ILogger logger) : ITlsNews
{
    public void Replaced(TlsOptions options, DateTime? until) =>
        MasterLog.CertificatesReplaced(logger, TlsNews.FilesOf(options), TlsNews.TextOf(until));

    public void Unreadable(string reason) => MasterLog.CredentialsUnreadable(logger, reason);

    public void EndsSoon(string file, DateTime until, TimeSpan left) =>
        MasterLog.CertificateEnds(logger, file, until, left);
}
