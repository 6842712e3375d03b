using System.Collections.Generic;

namespace Interop.Sessions.Control;

/// <summary>What sessionctl is told by flags.</summary>
internal sealed class ControlOptions
{
    internal IReadOnlyList<string> Masters { get; set; } = [EndpointAddress.OfDefaultMaster];

    internal uint TimeoutMs { get; set; } = Limits.DefaultCallTimeoutMs;

    internal bool Json { get; set; }

    internal string Prefix { get; set; } = "";

    internal string Reason { get; set; } = "revoked by an operator";
}
