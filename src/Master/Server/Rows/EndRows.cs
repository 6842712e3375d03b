using System;
using System.Linq;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>What operators are told of the ends that are kept.</summary>
internal static class EndRows
{
    internal static ListEndsReply ToWire(EndPage page, ulong masterEpoch)
    {
        ListEndsReply reply = new() { NextRevision = page.NextRevision, MasterEpoch = masterEpoch };
        reply.Ends.AddRange(page.Rows.Select(ToWire));
        return reply;
    }

    private static EndRow ToWire(SessionEnd end)
    {
        EndRow row = new()
        {
            Revision = end.Revision,
            SessionId = end.SessionId,
            Epoch = end.Epoch,
            Identity = end.Identity,
            HostName = end.HostName,
            ProcessId = end.ProcessId,
            PeerAddress = end.PeerAddress,
            Reason = (uint)end.Reason,
            Text = end.Text,
            EndedUnixMs = (ulong)end.EndedUnixMs,
            SilentMs = (ulong)end.SilentMs,
            IsGateClosed = end.IsGateClosed,
        };
        if (end.RenewedUnixMs is { } renewed)
        {
            row.RenewedUnixMs = (ulong)Math.Max(renewed, 0);
        }

        return row;
    }
}
