using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>A store's content as lines of words, for people and for later releases, which may know more words.</summary>
internal static class ContentText
{
    /// <param name="snapshot">What a store gave.</param>
    /// <param name="isFilled">By an import: its counters are its own.</param>
    internal static string[][] Of(StoreSnapshot snapshot, bool isFilled = false) =>
    [
        ["state", $"lengthened_term_ms={snapshot.LengthenedTermMs}", .. isFilled ? [] : new[] { $"revision={snapshot.Revision}" }],
        .. snapshot.Content.Select(Of).OrderBy(row => string.Join('\t', row), StringComparer.Ordinal),
    ];

    /// <summary>Everything that was written is there; what a later release adds to a row is not looked at.</summary>
    internal static void AssertSame(IEnumerable<string[]> recorded, StoreSnapshot found, bool isFilled = false)
    {
        string[][] rows = Of(found, isFilled);
        string[][] expected = [.. recorded];
        Assert.Equal(expected.Length, rows.Length);
        Assert.All(expected, words => Assert.Contains(rows, row => words.All(row.Contains)));
    }

    private static string[] Of(StoreChange put) => put switch
    {
        StoreChange.PutSession session =>
        [
            "session", $"id={session.Key.SessionId:x16}", $"epoch={session.Key.Epoch}", $"nonce={session.Key.Nonce:x16}",
            $"secret_hash={session.SecretHash.Value:x32}", $"identity={session.Description.Identity}", $"host_name={session.Description.HostName}",
            $"process_id={session.Description.ProcessId}", $"capabilities={session.Description.Capabilities:x16}",
            $"endpoints={string.Join(' ', session.Description.Endpoints.Select(endpoint => $"{(uint)endpoint.Kind}:{endpoint.Address}"))}",
            $"weight={session.Description.Weight}", $"term_ms={session.TermMs}", $"is_revoked={session.IsRevoked}", $"revoke_reason={session.RevokeReason}",
            $"suspect_ms={session.SuspectMs?.ToString(CultureInfo.InvariantCulture) ?? "none"}",
        ],
        StoreChange.PutItem item =>
        [
            "item", $"session={item.SessionId:x16}", $"key={item.Key}", $"value={Convert.ToHexString(item.Value.Span)}",
            $"revision={item.Revision}",
        ],
        StoreChange.PutAssignment assignment =>
        [
            "assignment", $"session={assignment.SessionId:x16}", $"kind={(uint)assignment.Kind}", $"object={assignment.ObjectName}",
        ],
        StoreChange.PutWrites writes =>
        [
            "writes", $"session={writes.SessionId:x16}", $"nonce={writes.Nonce:x16}",
            $"first_unfinished={writes.Log.FirstUnfinished}",
            $"answers={string.Join(' ', writes.Log.Answers.Select(answer => $"{answer.Number}:{answer.Revision}"))}",
        ],
        StoreChange.PutEnd { End: var end } =>
        [
            "end", $"revision={end.Revision}", $"session={end.SessionId:x16}", $"epoch={end.Epoch}", $"identity={end.Identity}",
            $"host_name={end.HostName}", $"process_id={end.ProcessId}", $"peer_address={end.PeerAddress}", $"reason={(int)end.Reason}",
            $"text={end.Text}", $"ended_unix_ms={end.EndedUnixMs}", $"silent_ms={end.SilentMs}", $"is_heard={end.IsHeard}",
            $"is_gate_closed={end.IsGateClosed}",
        ],
        StoreChange.PutDrain { Drain: var drain } =>
        [
            "drain", $"identity={drain.Identity}", $"reason={drain.Reason}", $"since_unix_ms={drain.SinceUnixMs}",
            $"moves_objects={drain.MovesObjects}", $"revokes_session={drain.RevokesSession}",
        ],
        _ => throw new ArgumentException($"{put} is not content", nameof(put)),
    };
}
