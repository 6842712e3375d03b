using System;

namespace Interop.Sessions.Protocol;

/// <summary>What is to be told of the files of certificates. Called by their thread; must not block.</summary>
public interface ITlsNews
{
    /// <summary>Other certificates are used from now on.</summary>
    /// <param name="options">Whose files.</param>
    /// <param name="until">When this side's own one ends; null: there is none.</param>
    void Replaced(TlsOptions options, DateTime? until);

    /// <summary>The files cannot be used as they are, and the former ones are.</summary>
    /// <param name="reason">Names the file.</param>
    void Unreadable(string reason);

    /// <summary>A certificate is about to end, or has: this side's own, one of its chain, or an authority.</summary>
    /// <param name="file">Where it stands.</param>
    /// <param name="until">When.</param>
    /// <param name="left">How long that is from now; negative: it has ended.</param>
    void EndsSoon(string file, DateTime until, TimeSpan left);
}
