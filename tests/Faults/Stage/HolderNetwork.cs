using System;

namespace Interop.Sessions.Faults.Stage;

/// <summary>
/// A network namespace for holders, joined with the master's by a pair of interfaces. Packets are dropped where they come
/// in, so that the sender hears nothing of it. What is left of one that could not be made goes with this program's own
/// namespaces.
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

    /// <summary>From now on, the master receives nothing.</summary>
    internal void LoseRequests() => Command.Run($"iptables -w -A INPUT -i {_name} -j DROP");

    /// <summary>From now on, the holder receives nothing.</summary>
    internal void LoseAnswers() => Command.Run($"ip netns exec {_name} iptables -w -A INPUT -j DROP");

    /// <summary>All packets pass again.</summary>
    internal void Heal()
    {
        Command.Run("iptables -w -F INPUT");
        Command.Run($"ip netns exec {_name} iptables -w -F INPUT");
    }

    /// <summary>The filters inside go with the namespace; the interfaces would, too, but some time later.</summary>
    public void Dispose()
    {
        Command.Run("iptables -w -F INPUT");
        Command.Run($"ip link delete {_name}");
        Command.Run($"ip netns delete {_name}");
    }
}
