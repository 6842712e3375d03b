using System.Runtime.CompilerServices;

namespace Interop.Sessions.Simulator;

/// <summary>A line of a history: a text if somebody wants to read it, and a hash of what is in it in any case.</summary>
[InterpolatedStringHandler]
internal ref struct NoteText
{
    private readonly bool _isRead;
    private DefaultInterpolatedStringHandler _text;

    internal NoteText(int literalLength, int formattedCount, World world)
    {
        Hash = world.Fingerprint;
        _isRead = world.IsTraced;
        if (_isRead)
        {
            _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
        }
    }

    /// <summary>Of all lines so far and of this one.</summary>
    internal ulong Hash { get; private set; }

    public void AppendLiteral(string literal)
    {
        Mix(literal);
        if (_isRead)
        {
            _text.AppendLiteral(literal);
        }
    }

    public void AppendFormatted(string? value)
    {
        Mix(value ?? "");
        if (_isRead)
        {
            _text.AppendLiteral(value ?? "");
        }
    }

    public void AppendFormatted(long value)
    {
        Mix((ulong)value);
        if (_isRead)
        {
            _text.AppendFormatted(value);
        }
    }

    public void AppendFormatted(ulong value)
    {
        Mix(value);
        if (_isRead)
        {
            _text.AppendFormatted(value);
        }
    }

    public void AppendFormatted(ulong? value)
    {
        Mix(value ?? ulong.MaxValue);
        if (_isRead)
        {
            _text.AppendFormatted(value);
        }
    }

    public void AppendFormatted<T>(T value)
        where T : struct, System.Enum
    {
        Mix((ulong)value.GetHashCode());
        if (_isRead)
        {
            _text.AppendFormatted(value);
        }
    }

    internal string Text() => _text.ToStringAndClear();

    internal void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211;

    private void Mix(string text)
    {
        foreach (char unit in text)
        {
            Mix(unit);
        }
    }
}
