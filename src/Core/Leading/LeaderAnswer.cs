namespace Interop.Sessions.Master;

/// <summary>What CheckLeader answers.</summary>
/// <param name="Leads">Yes or no.</param>
/// <param name="Hint">With no: the leader's "host:port" if it is known.</param>
/// <param name="Epoch">
/// With yes, where the host elects (Leadership is Host): the number of its leadership, higher than that of
/// any leadership before, on any machine. Otherwise ignored.
/// </param>
/// <param name="ValidForMs">For how long a yes counts after the question; 0: 2000 ms, which is also the most.</param>
public readonly record struct LeaderAnswer(bool Leads, string? Hint = null, ulong Epoch = 0, uint ValidForMs = 0);
