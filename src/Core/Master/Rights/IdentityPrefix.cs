using System;
using System.Text;

namespace Interop.Sessions.Master;

/// <summary>
/// The identities that a rule gives. "cs/7" is that identity and all below it ("cs/7/a", not "cs/70"); "cs-*" is all that begin with
/// what stands before the star; "{name}" stands for the caller's own name.
/// </summary>
/// <remarks>
/// One rule shall serve all servers and give none what is another's. So "{name}" is followed by a slash or nothing, and stands for no
/// name that has a slash: otherwise "cs/{name}" would give "cs1" what is "cs10"'s, or "a" what is "a/b"'s.
/// </remarks>
public sealed class IdentityPrefix
{
    private const string OwnName = "{name}";

    private readonly string _text;
    private readonly string _before;
    private readonly string _behind;
    private readonly bool _hasName;
    private readonly bool _isOpen;

    private IdentityPrefix(string text)
    {
        _text = text;
        _isOpen = text.EndsWith('*');
        string plain = _isOpen ? text[..^1] : text;
        int at = plain.IndexOf(OwnName, StringComparison.Ordinal);
        _hasName = at >= 0;
        _before = _hasName ? plain[..at] : plain;
        _behind = _hasName ? plain[(at + OwnName.Length)..] : "";
    }

    /// <summary>All identities.</summary>
    public static IdentityPrefix All { get; } = new("*");

    /// <summary>Reads one.</summary>
    /// <param name="text">As the file has it.</param>
    /// <param name="problem">What is wrong with it; null: nothing.</param>
    public static IdentityPrefix? TryParse(string text, out string? problem)
    {
        IdentityPrefix prefix = new(text);
        int bytes = Encoding.UTF8.GetByteCount(text);
        string plain = prefix._before + prefix._behind;
        problem = bytes > Limits.MaxIdentityBytes ? $"'{text}' has {bytes} bytes; an identity has at most {Limits.MaxIdentityBytes}"
            : plain.Contains('*', StringComparison.Ordinal) ? $"'{text}' has a star that is not at its end"
            : plain.Contains('{', StringComparison.Ordinal) || plain.Contains('}', StringComparison.Ordinal)
            ? $"'{text}' has a brace; {OwnName}, once, is all that may be in braces"
            : prefix._hasName && !(prefix._behind.Length == 0 && !prefix._isOpen) && !prefix._behind.StartsWith('/')
            ? $"'{text}' goes on behind {OwnName} with something else than '/': one caller would get what is another's"
            : null;
        return problem == null ? prefix : null;
    }

    /// <summary>Does the rule give a caller this identity?</summary>
    /// <param name="identity">Which.</param>
    /// <param name="name">The caller's; null: it has none.</param>
    public bool Covers(string identity, string? name) =>
        Of(name) is { } own && identity.StartsWith(own, StringComparison.Ordinal) &&
        (_isOpen || identity.Length == own.Length || own.EndsWith('/') || identity[own.Length] == '/');

    /// <summary>
    /// The part of a prefix that an identity falls under, with the name that stands in it: what is below it belongs together. Null: the
    /// identity is not below the prefix.
    /// </summary>
    public string? GroupOf(string identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (!_hasName)
        {
            return Covers(identity, null) ? Say(null) : null;
        }

        if (!identity.StartsWith(_before, StringComparison.Ordinal))
        {
            return null;
        }

        string name = identity[_before.Length..].Split('/', 2)[0];
        return name.Length > 0 && Covers(identity, name) ? Say(name) : null;
    }

    /// <summary>Does the rule give a caller anything?</summary>
    public bool CoversAny(string? name) => Of(name) != null;

    /// <summary>As the file has it, with the caller's name in its place.</summary>
    public string Say(string? name) => Of(name) is { } own ? own + (_isOpen ? "*" : "") : _text;

    /// <inheritdoc/>
    public override string ToString() => _text;

    private string? Of(string? name) => !_hasName ? _before
        : name == null || name.Contains('/', StringComparison.Ordinal) ? null
        : _before + name + _behind;
}
