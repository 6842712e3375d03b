using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A page of drains.</summary>
/// <param name="Rows">In the order of their identities.</param>
/// <param name="NextIdentity">Where the next page begins; empty: there is none.</param>
public sealed record DrainPage(IReadOnlyList<DrainRow> Rows, string NextIdentity);

/// <summary>A drain, and how far it has got.</summary>
/// <param name="Drain">What was asked for.</param>
/// <param name="SessionId">The session that its identity holds still; 0: it holds none, so the server may be switched off.</param>
/// <param name="ObjectCount">How many objects that session answers for.</param>
public sealed record DrainRow(Drain Drain, ulong SessionId, int ObjectCount);
