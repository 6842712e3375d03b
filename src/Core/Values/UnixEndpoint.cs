using System;
using System.Text;

namespace Interop.Sessions;

/// <summary>"unix:/path": a master of this machine, by the file of its Unix socket.</summary>
public static class UnixEndpoint
{
    private const string Prefix = "unix:";

    /// <summary>Is it meant to be one?</summary>
    public static bool Is(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The file of its socket; null: it is none.</summary>
    public static string? PathOf(string address) =>
        Is(address) && ProblemOfPath(address[Prefix.Length..]) == null ? address[Prefix.Length..] : null;

    /// <summary>What is wrong with an endpoint that is meant to be one; null: nothing.</summary>
    internal static string? ProblemOf(string address) =>
        ProblemOfPath(address[Prefix.Length..]) is { } problem ? $"'{address}' is no endpoint: its path {problem}" : null;

    /// <summary>What is wrong with the path of a socket, as a sentence goes on behind what the path is called; null: nothing.</summary>
    public static string? ProblemOfPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int bytes = Encoding.UTF8.GetByteCount(path);
        return !path.StartsWith('/') || path.EndsWith('/') ? "must begin with '/' and name a file"
            : path.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character"
            : bytes > Limits.MaxUnixPathBytes
            ? $"has {bytes} bytes; the kernel's limit is {Limits.MaxUnixPathBytes + 1} with the NUL behind it"
            : null;
    }
}
