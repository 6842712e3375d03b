using System.Collections.Generic;

namespace Interop.Sessions.Control;

/// <summary>What sessionctl is told by flags.</summary>
internal sealed class ControlOptions
{
    internal IReadOnlyList<string> Masters { get; set; } = [EndpointAddress.OfDefaultMaster];

    internal uint TimeoutMs { get; set; } = Limits.DefaultCallTimeoutMs;

    internal TlsOptions? Tls { get; set; }

    internal Insecure Insecure { get; set; }

    internal string TokenFile { get; set; } = "";

    internal bool Json { get; set; }

    internal string Prefix { get; set; } = "";

    internal string Since { get; set; } = "1h";

    internal string Flags { get; set; } = "";

    internal string Sort { get; set; } = SortText.OfId;

    internal bool Wide { get; set; }

    internal string IdentityPrefix { get; set; } = "";

    internal string Kinds { get; set; } = KindsText.All;

    internal string ObjectPrefix { get; set; } = "";

    internal ulong AfterRevision { get; set; }

    internal bool News { get; set; }

    internal bool Move { get; set; }

    internal bool Revoke { get; set; }

    internal uint Kind { get; set; }

    internal string Reason { get; set; } = "";
}
