using System;

namespace Interop.Sessions.Protocol;

/// <summary>Of an owner of files who tells nobody of them: another owner of the same files does, or what cannot be dialled says it.</summary>
public sealed class NoTlsNews : ITlsNews
{
    /// <inheritdoc/>
    public void Replaced(TlsOptions options, DateTime? until)
    {
    }

    /// <inheritdoc/>
    public void Unreadable(string reason)
    {
    }

    /// <inheritdoc/>
    public void EndsSoon(string file, DateTime until, TimeSpan left)
    {
    }
}
