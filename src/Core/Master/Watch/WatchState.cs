using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A page of all that there is.</summary>
/// <param name="Rows">As events: each session, its items, what is assigned to it.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
/// <param name="Revision">Of the latest change before the page was read.</param>
public sealed record WatchState(IReadOnlyList<SessionEvent> Rows, AccessPointPlace? Next, ulong Revision);
