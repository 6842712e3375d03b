using System;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>What a server keeps on its own disk to take its session up again.</summary>
internal sealed class ServerDisk(string identity)
{
    internal string Identity => identity;

    internal ulong SessionId { get; set; }

    internal UInt128 Secret { get; set; }

    internal bool HasSession => SessionId != 0;
}
