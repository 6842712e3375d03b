using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Grpc.Core;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Protocol;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops.Checks;

/// <summary>Whoever leads, and all that it has.</summary>
internal sealed class Leader(IReadOnlyList<string> masters) : IDisposable
{
    private const int RetryMs = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly MasterLink _link = new(masters);

    /// <summary>Who has answered last.</summary>
    internal string Address => _link.Current;

    /// <summary>All sessions, with their items, and the number of the leadership that says so.</summary>
    /// <exception cref="BrokenExpectationException">Nobody leads.</exception>
    internal (ulong MasterEpoch, List<Wire.SessionRow> Rows, Dictionary<ulong, IReadOnlyList<Wire.Item>> Items) Read()
    {
        (Wire.ListSessionsReply page, ulong masterEpoch) = Ask(ListFirst);
        List<Wire.SessionRow> rows = [.. page.Sessions];
        while (page.NextSessionId != 0)
        {
            Wire.ListSessionsRequest next = new() { FromSessionId = page.NextSessionId };
            page = Ask(() => _link.Administration.ListSessions(next, Bounded));
            rows.AddRange(page.Sessions);
        }

        Dictionary<ulong, IReadOnlyList<Wire.Item>> items = [];
        foreach (Wire.SessionRow row in rows.Where(row => row.ItemCount > 0))
        {
            Wire.ListSessionItemsRequest request = new() { SessionId = row.SessionId };
            items[row.SessionId] = Ask(() => _link.Administration.ListSessionItems(request, Bounded)).Items;
        }

        return (masterEpoch, rows, items);
    }

    public void Dispose() => _link.Dispose();

    private (Wire.ListSessionsReply Page, ulong MasterEpoch) ListFirst()
    {
        using AsyncUnaryCall<Wire.ListSessionsReply> call = _link.Administration.ListSessionsAsync(new Wire.ListSessionsRequest(), Bounded);
        Wire.ListSessionsReply page = call.ResponseAsync.GetAwaiter().GetResult();
        return (page, ulong.Parse(call.GetTrailers().GetValue(StatusOnTheWire.MasterEpochTrailer)!, CultureInfo.InvariantCulture));
    }

    private static CallOptions Bounded => new(deadline: DateTime.UtcNow.AddSeconds(5));

    private T Ask<T>(Func<T> call)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            string master = _link.Current;
            try
            {
                return call();
            }
            catch (RpcException error)
            {
                if (watch.Elapsed > s_patience)
                {
                    throw new BrokenExpectationException($"nobody leads within {s_patience}: {error.Status}");
                }

                _link.MoveOnFrom(master, error);
                Thread.Sleep(RetryMs);
            }
        }
    }
}
