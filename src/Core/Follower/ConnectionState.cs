namespace Interop.Sessions.Follower;

/// <summary>How the followers of a process stand with their masters, as <see cref="Endpoints"/> knows it.</summary>
public enum ConnectionState
{
    /// <summary>No master was asked anything yet.</summary>
    None = 0,

    /// <summary>One is asked; it has not answered as a leader, and not all others have failed.</summary>
    Connecting = 1,

    /// <summary>It answered as a leader, and has been left for nothing since. While nobody asks it anything, nobody knows better.</summary>
    Connected = 2,

    /// <summary>Every configured master has failed, or said that it does not lead, since one last answered as a leader.</summary>
    Away = 3,
}
