using System.Diagnostics;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>An assertion of the product that fails is a finding like any other, and not the end of the process.</summary>
internal sealed class Assertions : TraceListener
{
    internal static void Throw()
    {
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new Assertions());
    }

    public override void Fail(string? message, string? detailMessage) => throw new FindingException($"{message} {detailMessage}");

    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }
}
