namespace Interop.Sessions.Master;

/// <summary>How a leadership stands, asked by its <see cref="WritePath"/> at each step. The answers only look.</summary>
public interface IWriteStanding
{
    /// <summary>Did the store say that another leads, or is it another one than before?</summary>
    bool IsLost { get; }

    /// <summary>May it act at a time?</summary>
    bool MayAct(long nowNs);

    /// <summary>May sessions be expired at a time? Not where their holders could not renew.</summary>
    bool MayExpire(long nowNs);
}
