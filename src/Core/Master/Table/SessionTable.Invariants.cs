using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>What holds at all times, even in the middle of a batch.</content>
public sealed partial class SessionTable
{
    /// <summary>Names every broken invariant; for tests and the simulator.</summary>
    public IEnumerable<string> BrokenInvariants()
    {
        if (_byIdentity.Count != _byId.Count || _idsInOrder.Count != _byId.Count)
        {
            yield return $"{_byId.Count} sessions, {_byIdentity.Count} identities, {_idsInOrder.Count} ordered ids";
        }

        foreach (string broken in BrokenInvariantsOfAccessPoints())
        {
            yield return broken;
        }

        foreach (string broken in BrokenInvariantsOfDrains())
        {
            yield return broken;
        }

        ulong former = 0;
        long bytes = 0;
        foreach (SessionEnd end in _endLog.All)
        {
            if (end.Revision <= former || end.Revision > Revision)
            {
                yield return $"the end of revision {end.Revision} follows that of {former}, at revision {Revision}";
            }

            former = end.Revision;
            bytes += EndLog.SizeOf(end);
        }

        if (bytes != _endLog.Bytes)
        {
            yield return $"ends are counted as {_endLog.Bytes} bytes and are {bytes}";
        }

        foreach (string broken in _byId.Values.SelectMany(BrokenInvariantsOf).Concat(_quotas.BrokenInvariants(_byId.Values)))
        {
            yield return broken;
        }
    }

    private IEnumerable<string> BrokenInvariantsOf(Session session)
    {
        if (_byIdentity.GetValueOrDefault(session.Description.Identity) != session)
        {
            yield return $"{session.Key} is not found by its identity '{session.Description.Identity}'";
        }

        if (session.Key.SessionId == 0 || session.Key.Epoch == 0 || session.Key.Epoch > Revision)
        {
            yield return $"{session.Key} has no id, or an epoch outside 1 to revision {Revision}";
        }

        if (session.WheelNode?.List == null)
        {
            yield return $"{session.Key} would never expire";
        }

        ulong itemBytes = session.Items.Decided.Aggregate(0UL, (sum, item) => sum + SessionItems.SizeOf(item));
        if (session.Items.Bytes != itemBytes)
        {
            yield return $"{session.Key} counts {session.Items.Bytes} bytes of items and has {itemBytes}";
        }
    }
}
