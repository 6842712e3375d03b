using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A durable change as a watch is told of it: a reference to what was stored, which is only read when somebody watches.</summary>
/// <param name="Revision">Of this change alone: later ones have higher ones.</param>
/// <param name="Change">What was stored.</param>
/// <param name="Epoch">Of the session that it is about.</param>
/// <param name="Server">What that session's server says of itself.</param>
/// <param name="Flags">How the session stands with it.</param>
public readonly record struct WatchedChange(
    ulong Revision, StoreChange Change, ulong Epoch, ServerDescription Server, SessionFlags Flags = SessionFlags.None)
{
    /// <summary>What a change takes beside its texts and values, in bytes: its numbers and what is around them.</summary>
    private const int BytesOfNumbers = 128;

    /// <summary>What it counts for, in bytes: as much as it takes on the wire where texts are ASCII.</summary>
    public int Bytes
    {
        get
        {
            // Each durable change is measured, whether or not anybody watches: without a list of one part.
            if (Change is not StoreChange.Together together)
            {
                return SizeOf(Change);
            }

            int bytes = 0;
            foreach (StoreChange part in together.Parts)
            {
                bytes += SizeOf(part);
            }

            return bytes;
        }
    }

    /// <summary>What a watch says of it, all of one revision.</summary>
    /// <param name="masterEpoch">Of the leadership that says it.</param>
    public IEnumerable<SessionEvent> Events(ulong masterEpoch)
    {
        foreach (StoreChange part in Change.AsParts())
        {
            if (EventOf(part) is { } said)
            {
                yield return said with { MasterEpoch = masterEpoch };
            }
        }
    }

    /// <summary>What an event counts for, in bytes, where it comes by itself.</summary>
    internal static int SizeOf(SessionEvent said) =>
        BytesOfNumbers + said.Identity.Length + said.Text.Length + said.ObjectName.Length + said.Endpoint.Length +
        (said.Description == null ? 0 : SizeOf(said.Description)) + (said.Item == null ? 0 : said.Item.Key.Length + said.Item.Value.Length);

    private int SizeOf(StoreChange part) => BytesOfNumbers + Server.Identity.Length + part switch
    {
        StoreChange.PutSession put => SizeOf(put.Description) + put.RevokeReason.Length,
        StoreChange.RemoveSession { End: { } end } => end.Text.Length,
        StoreChange.PutItem put => put.Key.Length + put.Value.Length,
        StoreChange.RemoveItem remove => remove.Key.Length,
        StoreChange.PutAssignment put => put.ObjectName.Length + (Server.Endpoints.AddressOf(put.Kind)?.Length ?? 0),
        StoreChange.RemoveAssignment remove => remove.ObjectName.Length,
        _ => 0,
    };

    private static int SizeOf(ServerDescription server)
    {
        int bytes = server.Identity.Length + server.HostName.Length;
        for (int i = 0; i < server.Endpoints.Count; i++)
        {
            bytes += 16 + server.Endpoints[i].Address.Length;
        }

        return bytes;
    }

    private SessionEvent? EventOf(StoreChange part) => part switch
    {
        // The epoch of a session is the revision that created it.
        StoreChange.PutSession put => Of(put.Key.Epoch == Revision ? SessionEventKind.Created : SessionEventKind.Changed, put.Key.SessionId) with
        {
            Description = put.Description,
            TermMs = put.TermMs,
            Flags = Flags,
            Text = put.RevokeReason,
        },
        StoreChange.RemoveSession remove => Of(SessionEventKind.Ended, remove.SessionId) with
        {
            EndReason = remove.End!.Reason,
            Text = remove.End.Text,
        },
        StoreChange.PutItem put => Of(SessionEventKind.ItemSet, put.SessionId) with { Item = new Item(put.Key, put.Value, put.Revision) },
        StoreChange.RemoveItem remove => Of(SessionEventKind.ItemRemoved, remove.SessionId) with
        {
            Item = new Item(remove.Key, ReadOnlyMemory<byte>.Empty, Revision),
        },
        StoreChange.PutAssignment put => Of(SessionEventKind.Assigned, put.SessionId) with
        {
            AccessPointKind = put.Kind,
            ObjectName = put.ObjectName,
            Endpoint = Server.Endpoints.AddressOf(put.Kind) ?? "",
        },
        StoreChange.RemoveAssignment remove => Of(SessionEventKind.Released, remove.SessionId) with
        {
            AccessPointKind = remove.Kind,
            ObjectName = remove.ObjectName,
        },
        // The answer to a write, which goes with its item.
        _ => null,
    };

    private SessionEvent Of(SessionEventKind kind, ulong sessionId) =>
        new() { Kind = kind, Revision = Revision, SessionId = sessionId, Epoch = Epoch, Identity = Server.Identity };
}
