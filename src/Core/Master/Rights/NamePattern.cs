using System;

namespace Interop.Sessions.Master;

/// <summary>
/// The callers that a rule is for: a name, or one with a star in it that stands for any characters, or "-" for callers that have shown
/// no name.
/// </summary>
public sealed class NamePattern
{
    private readonly string _text;
    private readonly int _star;

    private NamePattern(string text) => (_text, _star) = (text, text.IndexOf('*', StringComparison.Ordinal));

    /// <summary>Reads one.</summary>
    /// <param name="text">As the file has it.</param>
    /// <param name="problem">What is wrong with it; null: nothing.</param>
    public static NamePattern? TryParse(string text, out string? problem)
    {
        NamePattern pattern = new(text);
        string plain = pattern._star < 0 ? text : text.Remove(pattern._star, 1);
        bool isRight = text == Caller.NamelessPattern || (pattern._star >= 0 && plain.Length == 0) || Caller.IsName(plain);
        problem = isRight ? null
            : plain.Contains('*', StringComparison.Ordinal) ? $"'{text}' has more than one star"
            : $"'{text}' is no name and no pattern of one: {Caller.NameRule}";
        return isRight ? pattern : null;
    }

    /// <summary>Is the rule for this caller? A star means none that has no name.</summary>
    public bool Matches(Caller caller) => caller.Name is not { } name
        ? _text == Caller.NamelessPattern
        : _star < 0
        ? name == _text
        : name.Length >= _text.Length - 1 && name.AsSpan().StartsWith(_text.AsSpan(0, _star), StringComparison.Ordinal) &&
            name.AsSpan().EndsWith(_text.AsSpan(_star + 1), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
