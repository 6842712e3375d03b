namespace Interop.Sessions.Simulator.Machines;

/// <summary>Whom a master that does not lead names as the leader.</summary>
internal enum Naming
{
    /// <summary>Who led when it last asked for the leadership itself.</summary>
    Leader,
    Nobody,

    /// <summary>An address where nobody is, the same again and again or ever another one.</summary>
    Gone,
    EverNew,

    /// <summary>Each the next, round and round.</summary>
    Neighbour,
    Itself,

    /// <summary>Who led before the present leader.</summary>
    Former,
}

/// <content>What it says of others: true, out of date, or a lie. A follower finds the leader all the same.</content>
internal sealed partial class MasterProcess
{
    private Naming _naming = NextNaming(random);
    private string? _heardOf;
    private int _named;

    /// <summary>It names others from now on.</summary>
    internal void NameOtherwise() => _naming = NextNaming(random);

    private static Naming NextNaming(SimRandom random) => random.OneOf(
        Naming.Leader, Naming.Leader, Naming.Leader, Naming.Nobody, Naming.Gone, Naming.EverNew, Naming.Neighbour, Naming.Itself, Naming.Former);

    private string? Named() => _naming switch
    {
        Naming.Leader => _heardOf,
        Naming.Gone => "gone:1",
        Naming.EverNew => $"gone{++_named}:1",
        Naming.Neighbour => World.Masters[(World.Masters.IndexOf(this) + 1) % World.Masters.Count].Name,
        Naming.Itself => Name,
        Naming.Former => World.Store.FormerLeader,
        _ => null,
    };
}
