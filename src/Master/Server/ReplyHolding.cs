using System;
using System.Threading;
using Google.Protobuf;
using Interop.Sessions.Master.Server.Listening;
using Microsoft.AspNetCore.Http;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The bytes of an answer, from before it is written until its reader has it. A client that reads too slowly is cut off: what
/// it does not read stays in the server's memory.
/// </summary>
internal sealed class ReplyHolding : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SharedBudget _budget;
    private readonly ByteBudget _share;
    private readonly int _bytes;
    private readonly HttpContext _request;
    private readonly Timer _patience;
    private bool _isOver;

    private ReplyHolding(SharedBudget budget, ByteBudget share, int bytes, HttpContext request)
    {
        _budget = budget;
        _share = share;
        _bytes = bytes;
        _request = request;
        _patience = new Timer(_ => GiveUp(), null, PatienceMs(bytes), Timeout.Infinite);
    }

    /// <summary>How long an answer may take to be read.</summary>
    internal static int PatienceMs(int bytes) =>
        Math.Min(Limits.ReplyPatienceMs + (bytes / Limits.LeastReplyBytesPerMs), Limits.MaxReplyPatienceMs);

    /// <summary>Holds the bytes of an answer for as long as the request lasts.</summary>
    /// <exception cref="SessionException">Overloaded.</exception>
    internal static void Take(ReplyBudgets budgets, IMessage answer, HttpContext request, ClientConnection connection)
    {
        int bytes = answer.CalculateSize();
        if (bytes < Limits.LeastCountedReplyBytes)
        {
            return;
        }

        (SharedBudget budget, ByteBudget share) = budgets.For(bytes, connection);
        if (budget.Take(share, bytes) is { } full)
        {
            throw full;
        }

        request.Response.RegisterForDispose(new ReplyHolding(budget, share, bytes, request));
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        _patience.Dispose();
        _budget.Return(_share, _bytes);
    }

    // In the lock: the server uses the objects of a request again for the next.
    private void GiveUp()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _request.Abort();
            }
        }
    }
}
