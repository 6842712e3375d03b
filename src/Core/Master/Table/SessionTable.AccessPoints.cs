using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Master;

/// <content>Access points: which alive server answers for an object; the same one until its session ends.</content>
public sealed partial class SessionTable
{
    private readonly Dictionary<(AccessPointKind Kind, string ObjectName), Assignment> _assignments = [];

    /// <summary>How many objects each identity asked for first. The count follows the identity: a restart brings no new places.</summary>
    private readonly Dictionary<string, int> _askedFor = [];

    /// <summary>How many objects of each kind are in the index.</summary>
    private readonly Dictionary<AccessPointKind, int> _assignedOf = [];

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

        return AnswerOf(assignment, kind);
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
            StoreChange.RemoveAssignment removal = new(kind, objectName, assignment.Server.Key.SessionId);
            Record(removal, () => Enter(place, assignment));
            Say(++Revision, removal, assignment.Server);
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
        NamedText.Require("object", objectName, 1, Limits.MaxObjectBytes);
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
        StoreChange.PutAssignment put = new(kind, objectName, server.Key.SessionId);
        Record(
            put,
            () =>
            {
                Leave(place);
                if (mayComeBack)
                {
                    Enter(place, former);
                }
            });
        Say(assignment.Revision, put, server);
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
        NoteLoad(assignment.Server, 1);
        CollectionsMarshal.GetValueRefOrAddDefault(_assignedOf, place.Item1, out _)++;
        if (assignment.Asker.Length > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_askedFor, assignment.Asker, out _)++;
        }
    }

    private void Leave((AccessPointKind, string) place)
    {
        _assignments.Remove(place, out Assignment assignment);
        assignment.Server.Assignments.Remove(place);
        NoteLoad(assignment.Server, -1);
        if (--CollectionsMarshal.GetValueRefOrNullRef(_assignedOf, place.Item1) == 0)
        {
            _assignedOf.Remove(place.Item1);
        }

        if (assignment.Asker.Length > 0 && --CollectionsMarshal.GetValueRefOrNullRef(_askedFor, assignment.Asker) == 0)
        {
            _askedFor.Remove(assignment.Asker);
        }
    }
}
