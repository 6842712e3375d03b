namespace Interop.Sessions.Follower;

/// <summary>How the followers of a process stand with their masters, as <see cref="Endpoints"/> knows it.</summary>
public enum ConnectionState
{
    /// <summary>No master was asked anything yet.</summary>
    None = 0,

    /// <summary>A master is asked; it has not answered as a leader, and not all others have failed.</summary>
    Connecting = 1,

    /// <summary>A master answered as a leader, and the manager has stayed with it since. While no session is held, nothing is asked of it.</summary>
    Connected = 2,

    /// <summary>Every configured master has failed, or said that it does not lead, since one last answered as a leader.</summary>
    Away = 3,
}
