using System;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.Failover.Stage;

/// <summary>A network namespace for one master, joined with the rest by a pair of interfaces. All filters are inside.</summary>
internal sealed class MasterNetwork : IDisposable
{
    private readonly string _name;

    /// <param name="number">0 to 63: which.</param>
    internal MasterNetwork(int number)
    {
        _name = $"master{number}";
        Outside = $"10.213.{8 + number}.1";
        Address = $"10.213.{8 + number}.2";
        Command.Run($"ip netns add {_name}");
        Command.Run($"ip link add {_name} type veth peer name out netns {_name}");
        Command.Run($"ip address add {Outside}/30 dev {_name}");
        Command.Run($"ip link set {_name} up");
        Command.Run($"ip -n {_name} address add {Address}/30 dev out");
        Command.Run($"ip -n {_name} link set out up");
        Command.Run($"ip -n {_name} link set lo up");
        Command.Run($"ip -n {_name} route add default via {Outside}");
    }

    /// <summary>The rest as the master sees it.</summary>
    internal string Outside { get; }

    /// <summary>The master as the rest sees it.</summary>
    internal string Address { get; }

    internal string[] Inside => ["ip", "netns", "exec", _name];

    /// <summary>No packet of these TCP ports passes any more; nobody is told.</summary>
    internal void CutOffPorts(string ports)
    {
        Command.Run($"ip netns exec {_name} iptables -w -A OUTPUT -p tcp -m multiport --dports {ports} -j DROP");
        Command.Run($"ip netns exec {_name} iptables -w -A INPUT -p tcp -m multiport --sports {ports} -j DROP");
    }

    internal void Heal() => Command.Run($"ip netns exec {_name} iptables -w -F");

    public void Dispose()
    {
        Command.Run($"ip link delete {_name}");
        Command.Run($"ip netns delete {_name}");
    }
}
