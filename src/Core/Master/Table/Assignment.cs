namespace Interop.Sessions.Master;

/// <summary>Which session answers for an object.</summary>
/// <param name="Server">That session; it may have ended, until the assignment is swept.</param>
/// <param name="Revision">
/// Names this assignment among all that the object ever had. In memory only; 0: it is older than this leadership.
/// </param>
/// <param name="Asker">
/// The identity that asked first, in whose quota it counts. In memory only; empty: it is older than this leadership.
/// </param>
internal readonly record struct Assignment(Session Server, ulong Revision, string Asker);
