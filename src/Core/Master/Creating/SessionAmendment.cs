namespace Interop.Sessions.Master;

/// <summary>What SessionInitialize may change; pre-filled with what the follower asked for.</summary>
public sealed class SessionAmendment
{
    /// <summary>The term in milliseconds; clamped to the master's bounds afterwards.</summary>
    public uint TermMs { get; set; }

    /// <summary>Offered capabilities as SessionCreated and the list will show them.</summary>
    public ulong Capabilities { get; set; }
}
