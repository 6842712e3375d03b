using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Access points: its host asks where an object is served, and releases what it has found, or whatever there is.</content>
internal sealed partial class SimFollower
{
    private const uint ObjectTimeoutMs = 3000;

    private readonly Dictionary<string, FoundObject> _found = [];

    internal void UseObject()
    {
        if (Held is not { } key)
        {
            return;
        }

        string name = _random.OneOf(Witness.Objects);
        if (_random.Chance(600))
        {
            Find(key, name);
        }
        else if (name == Witness.ReleasedUnnamed)
        {
            Release(key, name, null);
        }
        else if (_found.TryGetValue(name, out FoundObject? found))
        {
            Release(key, name, found);
        }
    }

    private void Find(SessionKey key, string name)
    {
        int begunAt = World.Witness.ObjectCallBegins(name);
        Call<ObjectReply>(
            CallKind.Repeatable, ObjectTimeoutMs, (master, reply) => master.FindObject(_process, key, name, reply),
            (reply, failure) =>
            {
                AccessPoint? found = reply.Found;
                World.Note($"{Name} finds {name}: {failure?.Status ?? SessionStatus.Ok} {found?.Epoch ?? 0} {found?.Revision ?? 0}");
                if (failure == null)
                {
                    _found[name] = World.Witness.ObjectFound(name, begunAt, reply);
                }
            });
    }

    private void Release(SessionKey key, string name, FoundObject? found)
    {
        int begunAt = World.Witness.ReleaseBegins(name, found);
        ReleasedAssignment released = ReleasedAssignment.Of(found?.Answer);
        Call<bool>(
            found == null ? CallKind.Once : CallKind.Repeatable, ObjectTimeoutMs,
            (master, reply) => master.ReleaseObject(_process, key, name, released, reply),
            (_, failure) =>
            {
                World.Note($"{Name} releases {name} of {released.Epoch}: {failure?.Status ?? SessionStatus.Ok}");
                if (failure == null)
                {
                    World.Witness.ObjectReleased(name, begunAt, found);
                }
            });
    }
}
