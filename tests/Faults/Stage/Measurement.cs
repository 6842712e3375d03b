namespace Interop.Sessions.Faults.Stage;

/// <summary>A time, and the bounds that it must keep, in milliseconds.</summary>
internal readonly record struct Measurement(string What, long Ms, long LeastMs, long MostMs)
{
    internal bool Holds => Ms >= LeastMs && Ms <= MostMs;

    public override string ToString() => $"{What} {Ms} ({LeastMs}..{MostMs})";
}
