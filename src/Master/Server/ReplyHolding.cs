using System;
using System.Threading;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The bytes of an answer, from before it is written until its reader has it. A client that reads too slowly is cut off: what
/// it does not read stays in the server's memory.
/// </summary>
internal sealed class ReplyHolding : IDisposable
{
    /// <summary>Answers of less are bounded by the count of streams.</summary>
    private const int LeastBytes = 4096;

    private readonly Lock _lock = new();
    private readonly SharedBudget _budget;
    private readonly int _bytes;
    private readonly HttpContext _request;
    private readonly Timer _patience;
    private bool _isOver;

    private ReplyHolding(SharedBudget budget, int bytes, HttpContext request)
    {
        _budget = budget;
        _bytes = bytes;
        _request = request;
        _patience = new Timer(
            _ => GiveUp(), null, Limits.ReplyPatienceMs + (bytes / Limits.LeastReplyBytesPerMs), Timeout.Infinite);
    }

    /// <summary>Takes the bytes of an answer from the budget, for as long as the request lasts.</summary>
    /// <exception cref="SessionException">Overloaded.</exception>
    internal static void Take(SharedBudget budget, IMessage answer, HttpContext request)
    {
        int bytes = answer.CalculateSize();
        if (bytes < LeastBytes)
        {
            return;
        }

        if (!budget.TryTake(bytes))
        {
            throw SessionException.Overloaded(
                $"answers of {budget.Held} bytes are being written, and this one has {bytes}: {Limits.MaxReplyBytesInProgress} may be",
                Limits.WireRetryMs);
        }

        request.Response.RegisterForDispose(new ReplyHolding(budget, bytes, request));
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
        _budget.Return(_bytes);
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
