namespace Interop.Sessions;

/// <summary>What is true of a status, whichever side answers it.</summary>
public static class SessionStatuses
{
    /// <summary>May the same call succeed later, without anybody mending anything?</summary>
    public static bool IsPassing(this SessionStatus status) => status is
        SessionStatus.TimedOut or SessionStatus.NoMaster or SessionStatus.NotLeader or SessionStatus.Overloaded or
        SessionStatus.OutOfResources or SessionStatus.IdentityInUse or SessionStatus.TooManySessions or SessionStatus.TooManyObjects;
}
