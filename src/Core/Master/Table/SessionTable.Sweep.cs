using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>What becomes of the objects of ended sessions.</content>
public sealed partial class SessionTable
{
    /// <summary>Ended sessions whose assignments are still in the index, where no look finds them.</summary>
    private readonly Queue<Session> _unassigned = new();

    /// <summary>What the store refused to give to another server: no server has it now, and no session that is swept.</summary>
    private readonly Queue<(AccessPointKind Kind, string ObjectName)> _givenInVain = new();

    /// <summary>
    /// Forgets assignments of ended sessions, a page at a time: one session may have a million, and renewals wait for
    /// the table. Where the host wishes so, an object is given to another server that can take it instead, before anybody asks.
    /// </summary>
    private void SweepAssignments()
    {
        int moved = GiveAgain();
        for (int left = Limits.MaxAssignmentsPerSweep; left > 0 && _unassigned.TryPeek(out Session? ended); left--)
        {
            if (ended.Assignments.First is not { } place)
            {
                _unassigned.Dequeue();
            }
            else if (!_settings.ReassignsAfterEnd || !_serversOf.ContainsKey(place.Kind))
            {
                Leave(place);
            }
            else if (moved++ < MostMovedTogether)
            {
                GiveOn(place);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Unless somebody has asked for it meanwhile. Where no server can take it, it is with none until somebody asks.</summary>
    private int GiveAgain()
    {
        int given = 0;
        while (given < MostMovedTogether && _givenInVain.TryDequeue(out (AccessPointKind Kind, string ObjectName) place))
        {
            if (!_assignments.ContainsKey(place) && _serversOf.ContainsKey(place.Kind) && _assignments.Count < _settings.MaxAccessPoints)
            {
                GiveOn(place);
                given++;
            }
        }

        return given;
    }

    private void GiveOn((AccessPointKind Kind, string ObjectName) place)
    {
        Assign(place.Kind, place.ObjectName, asker: "");
        _undo.Add(() => _givenInVain.Enqueue(place));
    }
}
