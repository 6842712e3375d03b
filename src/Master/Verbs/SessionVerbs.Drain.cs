using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <content>Drains, and which server answers for which object; when objects move the writer decides.</content>
internal sealed partial class SessionVerbs
{
    internal async Task<bool> DrainAsync(Drain drain, CancellationToken awaited)
    {
        await RequireLeader().WriteAsync(table => table.Drain(drain), awaited).ConfigureAwait(false);
        MasterLog.Drained(logger, drain.Identity, drain.MovesObjects, drain.RevokesSession, drain.Reason);
        return true;
    }

    internal async Task<bool> UndrainAsync(string identity, CancellationToken awaited)
    {
        await RequireLeader().WriteAsync(table => table.Undrain(identity), awaited).ConfigureAwait(false);
        MasterLog.Undrained(logger, identity);
        return true;
    }

    internal DrainPage ListDrains(string fromIdentity, uint limit, string identityPrefix, out ulong masterEpoch)
    {
        (DrainPage page, masterEpoch) = RequireLeader().Look(
            table => (table.ListDrains(fromIdentity, limit, identityPrefix), table.MasterEpoch));
        return page;
    }

    /// <summary>At once where nothing is being committed, else behind that: the list has no former state of an object.</summary>
    internal Task<(AccessPointPage Page, ulong MasterEpoch)> ListAccessPointsAsync(AccessPointQuery asked, CancellationToken awaited) =>
        RequireLeader().LookAsync(
            table => table.Changes.Count == 0, table => (table.ListAccessPoints(asked), table.MasterEpoch), awaited);
}
