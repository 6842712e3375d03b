using System.Linq;

namespace Interop.Sessions.Client;

/// <summary>What servers say of themselves, from the wire.</summary>
public static class ServersOnTheWire
{
    /// <summary>As a master tells of it.</summary>
    public static ServerDescription Of(Protocol.V1.ServerDescription wire)
    {
        System.ArgumentNullException.ThrowIfNull(wire);
        return new ServerDescription
        {
            Identity = wire.Identity,
            HostName = wire.HostName,
            ProcessId = wire.ProcessId,
            Capabilities = wire.Capabilities,
            TermMs = wire.TermMs,
            Weight = wire.Weight == 0 ? Limits.DefaultWeight : wire.Weight,
            Endpoints = [.. wire.Endpoints.Select(endpoint => new Endpoint((AccessPointKind)endpoint.Kind, endpoint.Address))],
        };
    }
}
