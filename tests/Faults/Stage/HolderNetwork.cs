using System;

namespace Interop.Sessions.Faults.Stage;

/// <summary>
/// A network namespace for holders, joined with the master's by a pair of interfaces. All filters are inside, so that it
/// harms no other network. What is left of one that could not be made goes with this program's own namespaces.
/// </summary>
internal sealed class HolderNetwork : IDisposable
{
    internal const string MasterAddress = "10.213.7.1";
    private const string HolderAddress = "10.213.7.2";
    private readonly string _name = $"holder{Environment.ProcessId}";

    internal HolderNetwork()
    {
        Command.Run($"ip netns add {_name}");
        Command.Run($"ip link add {_name} type veth peer name to_master netns {_name}");
        Command.Run($"ip address add {MasterAddress}/30 dev {_name}");
        Command.Run($"ip link set {_name} up");
        Command.Run($"ip -n {_name} address add {HolderAddress}/30 dev to_master");
        Command.Run($"ip -n {_name} link set to_master up");
        Command.Run($"ip -n {_name} link set lo up");
    }

    /// <summary>What runs a command inside.</summary>
    internal string[] Inside => ["ip", "netns", "exec", _name];

    /// <summary>From now on, nothing leaves the holder; TCP takes it for lost, and the process hears nothing.</summary>
    internal void LoseRequests() => Command.Run($"ip netns exec {_name} iptables -w -A OUTPUT -j DROP");

    /// <summary>From now on, nothing reaches the holder.</summary>
    internal void LoseAnswers() => Command.Run($"ip netns exec {_name} iptables -w -A INPUT -j DROP");

    /// <summary>All packets pass again.</summary>
    internal void Heal() => Command.Run($"ip netns exec {_name} iptables -w -F");

    /// <summary>The filters inside go with the namespace; the interfaces would, too, but some time later.</summary>
    public void Dispose()
    {
        Command.Run($"ip link delete {_name}");
        Command.Run($"ip netns delete {_name}");
    }
}
