using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>Sees everything in true time, and says what must not be. Partial files by whom it watches.</summary>
internal sealed partial class Witness(World world)
{
    /// <summary>Integer clocks round each step down: far less than a microsecond in a history.</summary>
    private const long RoundingNs = 1_000;

    private readonly Dictionary<ulong, KnownSession> _sessions = [];

    /// <summary>What was seen so far, to show that a history was about something.</summary>
    internal Counts Counts { get; } = new();

    internal HistoryFailure Failure(string what) => new(world.Seed, world.Agenda.NowNs, what);

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Objection otherwise)
    {
        if (!holds)
        {
            throw Failure(otherwise.Text());
        }
    }

    /// <summary>What <see cref="Reach"/> requires.</summary>
    internal void Reaches(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Objection otherwise) => Require(holds, ref otherwise);

    private KnownSession Of(ulong epoch) =>
        _sessions.TryGetValue(epoch, out KnownSession? known) ? known : throw Failure($"nobody has created epoch {epoch}");

    private sealed class KnownSession(string identity, ulong nonce)
    {
        internal string Identity => identity;

        /// <summary>Until when, in true time, the master has promised it to live.</summary>
        internal long PromisedUntilNs { get; set; }

        /// <summary>Of its newest connection.</summary>
        internal ulong Nonce { get; set; } = nonce;

        /// <summary>A former connection, whose calls were forgotten, is the newest again.</summary>
        internal bool HasFormerConnection { get; set; }

        /// <summary>Until when, in true time, it may live by what was promised before the store went back.</summary>
        internal long FormerPromiseNs { get; set; }

        /// <summary>The store calls it suspect.</summary>
        internal bool IsMarked { get; set; }

        /// <summary>The leader that has given a mark to the store, which does not have it yet.</summary>
        internal int MarkDecidedBy { get; set; }

        /// <summary>
        /// It was a suspect when the leader of the newest leases began them. That it is heard of later, of a renewal that the
        /// leader had before, does not lengthen them.
        /// </summary>
        internal bool WasSuspectWhenLeasesBegan { get; set; }

        internal bool MayEnd { get; set; }

        internal bool IsRemoved { get; set; }

        internal bool IsToldEnded { get; set; }

        /// <summary>Of the leadership that has removed it.</summary>
        internal int RemovedBy { get; set; }

        /// <summary>When a leader last gave its removal to the store: that is when it decided.</summary>
        internal long RemovalDecidedNs { get; set; }

        internal bool IsEndPosted { get; set; }

        internal Dictionary<string, ItemRegister> Items { get; } = [];
    }
}

/// <summary>How much happened in a history.</summary>
internal sealed record Counts
{
    internal int Created { get; set; }

    internal int Reattached { get; set; }

    internal int Renewed { get; set; }

    internal int Expired { get; set; }

    internal int Ended { get; set; }

    /// <summary>Ends of holders whose last word was that their gate is closed.</summary>
    internal int GatesClosed { get; set; }

    internal int Lost { get; set; }

    /// <summary>Callbacks of followers' hosts, and closes of followers that had a session.</summary>
    internal int Callbacks { get; set; }

    internal int Closes { get; set; }

    internal int Effects { get; set; }

    internal int Fenced { get; set; }

    internal int Items { get; set; }

    internal int Refusals { get; set; }

    internal int Reads { get; set; }

    /// <summary>Commits of which a store took a part.</summary>
    internal int Divided { get; set; }

    /// <summary>Answers where an object is served, and that it is released.</summary>
    internal int Found { get; set; }

    internal int Released { get; set; }

    /// <summary>Changes that watches said, looks at a watch that knew all, streams that went on, and those that had missed something.</summary>
    internal int Watched { get; set; }

    internal int WatchedWhole { get; set; }

    internal int Resumed { get; set; }

    internal int Compacted { get; set; }

    /// <summary>Identities that were drained, and objects that moved from their servers.</summary>
    internal int Drained { get; set; }

    internal int Moved { get; set; }

    internal int WentBack { get; set; }

    internal int Inquiries { get; set; }

    /// <summary>Messages of renewals, those of several, and lines that were left for each reason.</summary>
    internal int Messages { get; set; }

    internal int Shared { get; set; }

    internal int Refused { get; set; }

    internal int Late { get; set; }

    internal int Stuck { get; set; }

    internal int Broken { get; set; }

    /// <summary>Looks at a process that wanted something of a leader which it could reach.</summary>
    internal int Reached { get; set; }

    internal void Add(Counts other)
    {
        Created += other.Created;
        Reattached += other.Reattached;
        Renewed += other.Renewed;
        Expired += other.Expired;
        Ended += other.Ended;
        GatesClosed += other.GatesClosed;
        Lost += other.Lost;
        Callbacks += other.Callbacks;
        Closes += other.Closes;
        Effects += other.Effects;
        Fenced += other.Fenced;
        Items += other.Items;
        Refusals += other.Refusals;
        Reads += other.Reads;
        Divided += other.Divided;
        Found += other.Found;
        Released += other.Released;
        Watched += other.Watched;
        WatchedWhole += other.WatchedWhole;
        Resumed += other.Resumed;
        Compacted += other.Compacted;
        WentBack += other.WentBack;
        Inquiries += other.Inquiries;
        Messages += other.Messages;
        Shared += other.Shared;
        Drained += other.Drained;
        Moved += other.Moved;
        Refused += other.Refused;
        Late += other.Late;
        Stuck += other.Stuck;
        Broken += other.Broken;
        Reached += other.Reached;
    }

    public override string ToString() =>
        $"{Created} sessions, {Reattached} re-attached, {Renewed} renewals, {Expired} expired, {Ended} ended otherwise, {GatesClosed} with a closed gate, " +
        $"{Lost} losses told, {Callbacks} callbacks, {Closes} closes, {Effects} effects, {Fenced} fenced, {Items} items changed, {Refusals} not, {Reads} read, {Found} objects found, {Released} released, {Divided} commits taken in part, {Watched} changes watched, {WatchedWhole} times to the end, {Resumed} watches resumed, {Compacted} not, {WentBack} times back, {Inquiries} inquiries, " +
        $"{Messages} messages of renewals, {Shared} of several, lines left: {Refused} refused, {Late} late, {Stuck} stuck, {Broken} broken, " +
        $"{Reached} looks at who could reach a leader";
}
