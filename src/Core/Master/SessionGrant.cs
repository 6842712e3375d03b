namespace Interop.Sessions.Master;

/// <summary>What SessionCreated may fill; pre-filled with all offered capabilities and no report.</summary>
public sealed class SessionGrant
{
    /// <summary>Granted capabilities.</summary>
    public ulong Capabilities { get; set; }

    /// <summary>What the follower shall report of its data first.</summary>
    public ReportWindow ReportWindow { get; set; }
}
