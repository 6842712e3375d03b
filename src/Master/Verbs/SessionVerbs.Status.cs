using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <content>What an operator asks of the master itself, and not of its sessions.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>How it stands; of one that may not act, too.</summary>
    internal MasterStanding Standing
    {
        get
        {
            MasterStatistics seen = metrics.Seen;
            return new MasterStanding(seen, leadership.IsElected, Ns.ToMs(time.NowNs - _madeNs), seen.MasterEpoch == 0 ? Refusal() : null);
        }
    }

    /// <inheritdoc cref="SessionMaster.ResignAsync"/>
    internal Task ResignAsync(CancellationToken cancellation) => leadership.ResignAsync().WaitAsync(cancellation);
}

/// <summary>How a master stands.</summary>
/// <param name="Statistics">What it has counted, and what waits.</param>
/// <param name="IsElected">Another may lead.</param>
/// <param name="RunningMs">For how long it has run.</param>
/// <param name="Refusal">Why it may not act; null: it may.</param>
internal sealed record MasterStanding(MasterStatistics Statistics, bool IsElected, long RunningMs, SessionException? Refusal);
