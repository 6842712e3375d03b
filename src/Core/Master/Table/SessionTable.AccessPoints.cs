using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Interop.Sessions.Master;

/// <content>Access points: which alive server answers for an object; the same one until its session ends.</content>
public sealed partial class SessionTable
{
    private readonly Dictionary<(AccessPointKind Kind, string ObjectName), Assignment> _assignments = [];

    /// <summary>How many objects each identity asked for first. The count follows the identity: a restart brings no new places.</summary>
    private readonly Dictionary<string, int> _askedFor = [];

    /// <summary>Ended sessions whose assignments are still in the index, where no look finds them.</summary>
    private readonly Queue<(Session Session, IEnumerator<(AccessPointKind, string)> Left)> _unassigned = new();

    /// <summary>The access point of an object, assigned now if it has none.</summary>
    /// <exception cref="SessionException">
    /// The caller's session's end, WrongEpoch, WrongNonce, InvalidArgument, TooLong, NoAccessPoint or TooManyObjects.
    /// </exception>
    public AccessPoint FindAccessPoint(SessionKey caller, AccessPointKind kind, string objectName)
    {
        string asker = Require(caller).Description.Identity;
        RequireObject(kind, objectName);
        if (!_assignments.TryGetValue((kind, objectName), out Assignment assignment) || !Holds(assignment.Server))
        {
            assignment = Assign(kind, objectName, asker);
        }

        Session server = assignment.Server;
        return new AccessPoint(
            server.Key.SessionId, server.Key.Epoch, server.Description.Identity, AddressOf(server, kind), assignment.Revision);
    }

    /// <summary>
    /// Ends an object's assignment; the next find assigns the object again. Any holder of a session may release: an object that
    /// is gone is released by the program that manages it. Releasing an object that is not assigned, or no longer as it was
    /// found, is fine: the call may be a repetition.
    /// </summary>
    /// <exception cref="SessionException">
    /// The caller's session's end, WrongEpoch, WrongNonce, InvalidArgument or TooLong.
    /// </exception>
    public void ReleaseAccessPoint(SessionKey caller, AccessPointKind kind, string objectName, ReleasedAssignment released)
    {
        Require(caller);
        RequireObject(kind, objectName);
        (AccessPointKind, string) place = (kind, objectName);
        if (_assignments.TryGetValue(place, out Assignment assignment) && Holds(assignment.Server) &&
            IsMeant(assignment, released))
        {
            Leave(place);
            Record(
                new StoreChange.RemoveAssignment(kind, objectName, assignment.Server.Key.SessionId),
                () => Enter(place, assignment));
        }
    }

    // Of an assignment that this leadership has loaded, only the session is known; a release that was found under an
    // earlier leadership may mean it. One that names no revision cannot mean an assignment that has one.
    private static bool IsMeant(Assignment assignment, ReleasedAssignment released) =>
        released.SessionId == 0 ||
        (released.SessionId == assignment.Server.Key.SessionId && released.Epoch == assignment.Server.Key.Epoch &&
            (assignment.Revision == 0 || assignment.Revision == released.Revision));

    // There is one but where other hands wrote the store: an object is assigned to a server that has its kind, and what a server
    // says of itself stays the same for its session's life.
    private static string AddressOf(Session session, AccessPointKind kind) => session.Description.Endpoints.AddressOf(kind) ?? "";

    private static void RequireObject(AccessPointKind kind, string objectName)
    {
        AccessPointKinds.Require(kind, "kind");
        int size = Encoding.UTF8.GetByteCount(objectName);
        if (size is 0 or > Limits.MaxObjectBytes)
        {
            throw new SessionException(
                size == 0 ? SessionStatus.InvalidArgument : SessionStatus.TooLong,
                $"object has {size} bytes; it must have 1 to {Limits.MaxObjectBytes}");
        }
    }

    private Assignment Assign(AccessPointKind kind, string objectName, string asker)
    {
        (AccessPointKind, string) place = (kind, objectName);
        Session server = Choose(kind, objectName);
        bool isAgain = _assignments.TryGetValue(place, out Assignment former);
        if (isAgain)
        {
            // A new server for an assigned object adds nothing, so no limit refuses it, and the object stays in the quota of
            // the identity that asked first.
            Leave(place);
        }
        else
        {
            RequireRoom(asker);
        }

        Assignment assignment = new(server, ++Revision, isAgain ? former.Asker : asker);
        Enter(place, assignment);

        // Only a server that this very batch ends may come back by an undo. A session that ended earlier never does, and the
        // sweep may have passed the object by then.
        bool mayComeBack = isAgain && _endedInBatch.ContainsKey(former.Server.Key.SessionId);
        Record(
            new StoreChange.PutAssignment(kind, objectName, server.Key.SessionId),
            () =>
            {
                Leave(place);
                if (mayComeBack)
                {
                    Enter(place, former);
                }
            });
        return assignment;
    }

    private void RequireRoom(string asker)
    {
        int asked = _askedFor.GetValueOrDefault(asker);
        if (asked >= _settings.MaxAccessPointsPerIdentity)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects,
                $"'{asker}' asked first for {asked} objects with an access point, which is " +
                $"max_access_points_per_identity; release some");
        }

        if (_assignments.Count >= _settings.MaxAccessPoints)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects,
                $"{_assignments.Count} objects have an access point; the limit is {_settings.MaxAccessPoints}");
        }
    }

    private bool Holds(Session session) => _byId.GetValueOrDefault(session.Key.SessionId) == session;

    private void Enter((AccessPointKind, string) place, Assignment assignment)
    {
        _assignments.Add(place, assignment);
        assignment.Server.Assignments.Add(place);
        if (assignment.Asker.Length > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_askedFor, assignment.Asker, out _)++;
        }
    }

    private void Leave((AccessPointKind, string) place)
    {
        _assignments.Remove(place, out Assignment assignment);
        assignment.Server.Assignments.Remove(place);
        if (assignment.Asker.Length > 0 && --CollectionsMarshal.GetValueRefOrNullRef(_askedFor, assignment.Asker) == 0)
        {
            _askedFor.Remove(assignment.Asker);
        }
    }

    /// <summary>
    /// Forgets assignments of ended sessions, a page at a time: one session may have a million, and renewals wait for
    /// the table.
    /// </summary>
    private void SweepAssignments()
    {
        for (int left = Limits.MaxAssignmentsPerSweep; left > 0; left--)
        {
            if (!_unassigned.TryPeek(out (Session Session, IEnumerator<(AccessPointKind, string)> Left) ended))
            {
                return;
            }

            if (ended.Left.MoveNext())
            {
                // Removing does not disturb the enumerator.
                Leave(ended.Left.Current);
            }
            else
            {
                ended.Left.Dispose();
                _unassigned.Dequeue();
            }
        }
    }
}
