using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>What a server says of itself when it asks for a session.</summary>
public sealed record ServerDescription
{
    /// <summary>
    /// The stable name of the server, 1 to <see cref="Limits.MaxIdentityBytes"/> bytes of UTF-8; empty in what is passed to a
    /// follower, which knows its own.
    /// </summary>
    public string Identity { get; init; } = "";

    /// <summary>The machine's name; SessionClient fills it in.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The server's process; SessionClient fills it in.</summary>
    public uint ProcessId { get; init; }

    /// <summary>Offered capabilities, one bit each; the meaning is the hosts'.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>Where the server gives access to objects.</summary>
    public EndpointList Endpoints { get; init; } = [];

    /// <summary>
    /// How many objects the server is to get beside others, 1 to <see cref="Limits.MaxWeight"/>: with twice the weight, twice as many.
    /// </summary>
    public uint Weight { get; init; } = Limits.DefaultWeight;

    /// <summary>
    /// Items that the session has from its first moment, with revision 0: at most <see cref="Limits.MaxItemChanges"/>, each key
    /// once. In what a master tells they are there while the create is under way.
    /// </summary>
    public IReadOnlyList<Item> Items { get; init; } = [];

    /// <summary>The wished lease term; 0: the master's default.</summary>
    public uint TermMs { get; init; }
}
