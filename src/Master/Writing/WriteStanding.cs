using System;
using Interop.Sessions.Master.Store;

namespace Interop.Sessions.Master.Writing;

/// <summary>How a leadership stands, for its writer: as its store and its election say.</summary>
internal sealed class WriteStanding(ISessionStore store, Func<long, bool> mayAct, Func<long, bool> mayExpire) : IWriteStanding
{
    public bool IsLost => store.IsLost;

    public bool MayAct(long nowNs) => mayAct(nowNs);

    public bool MayExpire(long nowNs) => mayExpire(nowNs);
}
