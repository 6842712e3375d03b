namespace Interop.Sessions;

/// <summary>
/// What makes a copy of a write harmless (RIFL: Lee et al. 2015, "Implementing Linearizability at Large Scale and Low
/// Latency"): the holder's connection numbers its writes, and says which of them it has finished with.
/// </summary>
/// <param name="Number">Counts the writes of one connection (nonce) from 1; 0: not numbered, so a copy is another write.</param>
/// <param name="FirstUnfinished">All lower numbers have been answered, or no caller waits for them.</param>
public readonly record struct WriteId(ulong Number, ulong FirstUnfinished);
