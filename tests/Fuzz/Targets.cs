using System.Collections.Generic;
using Interop.Sessions.Fuzz.Decoders;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Fuzz.Machines;

namespace Interop.Sessions.Fuzz;

/// <summary>All of them, in the order in which they are tried.</summary>
internal static class Targets
{
    internal static IReadOnlyList<FuzzTarget> All { get; } =
    [
        WireTarget.Target, StoredTargets.Records, StoredTargets.Exports, StoredTargets.Endpoints, StoredTargets.Etcd, TextTargets.Addresses,
        TextTargets.Statuses, TextTargets.Prints, RightsTargets.Rules, RightsTargets.Tokens, RightsTargets.Certificates, LogTarget.Target,
        PagesTarget.Target,
        TableTarget.Target, WatchTarget.Target, WritingTarget.Target, CreatingTarget.Target, HooksTarget.Target, BoundsTarget.Target,
        CallersTarget.Target, LeadingTarget.Target,
        LifeTarget.Target, RenewalsTarget.Target, MastersTarget.Target, AsksTarget.Target,
    ];
}
