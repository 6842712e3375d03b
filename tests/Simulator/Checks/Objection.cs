using System.Runtime.CompilerServices;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>What is said if a requirement does not hold; where it holds, which is nearly always, nothing is put together.</summary>
[InterpolatedStringHandler]
internal ref struct Objection
{
    private DefaultInterpolatedStringHandler _text;

    public Objection(int literalLength, int formattedCount, bool holds, out bool isBroken)
    {
        isBroken = !holds;
        if (isBroken)
        {
            _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
        }
    }

    public void AppendLiteral(string literal) => _text.AppendLiteral(literal);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    internal string Text() => _text.ToStringAndClear();
}
