using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>The objects behind the handles of C.</summary>
internal static class Targets
{
    internal static FollowerManager Of(interop_sessions_follower_manager manager) =>
        Library.Handles.Get<FollowerManager>(manager.value, "manager");

    internal static SessionFollower Of(interop_sessions_follower follower) =>
        Library.Handles.Get<SessionFollower>(follower.value, "follower");

    internal static HostMaster Of(interop_sessions_master master) =>
        Library.Handles.Get<HostMaster>(master.value, "master");
}
