using System.Threading;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>For how long a write has waited for its outcome: a leader whose store takes nothing must not go on leading.</summary>
internal sealed class WriteProgress
{
    private long _begunNs;

    internal void Begin(long nowNs) => Volatile.Write(ref _begunNs, nowNs);

    internal void Reset() => Volatile.Write(ref _begunNs, 0);

    internal long StalledNs(long nowNs)
    {
        long begunNs = Volatile.Read(ref _begunNs);
        return begunNs == 0 ? 0 : nowNs - begunNs;
    }
}
