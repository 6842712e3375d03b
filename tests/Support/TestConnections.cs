using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Tests.Support;

/// <summary>Connections of tests: each nonce has a secret that the test can name.</summary>
internal static class TestConnections
{
    internal static UInt128 SecretOf(ulong nonce) => new(nonce, ~nonce);

    internal static UInt128 SecretOf(Session session) => SecretOf(session.Key.Nonce);

    internal static OwnConnection Of(ulong nonce) => new(nonce, SecretOf(nonce));

    internal static Session Create(
        this SessionTable table, ServerDescription description, ulong nonce, long nowNs, params IReadOnlyCollection<ulong> abandoned) =>
        table.Create(description, Of(nonce).Told, nowNs, abandoned);

    internal static Session Reattach(this SessionTable table, ulong sessionId, string identity, UInt128 secret, ulong nonce, long nowNs) =>
        table.Reattach(sessionId, identity, secret, Of(nonce).Told, nowNs);
}
