using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Protocol;

/// <summary>
/// Accepts connections where descriptors may run out: Kestrel has no answer of its own to that. It tries again at once, and takes a whole
/// core for it.
/// </summary>
/// <param name="listening">Where connections come; its owner closes it.</param>
/// <param name="logger">Hears of it, within a budget.</param>
/// <param name="onFull">May free some.</param>
public sealed partial class PatientAccept(Socket listening, ILogger logger, Action onFull)
{
    private readonly LogBudgets _budgets = new();

    /// <summary>The next connection; null: the listener was closed.</summary>
    public async ValueTask<Socket?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (IsOver(error))
            {
                return null;
            }
            catch (SocketException error) when (IsOfOne(error))
            {
                // The connection was reset while it waited to be accepted.
            }
            catch (SocketException error)
            {
                if (_budgets.TrySpend("not accepted", out int leftOut))
                {
                    NotAccepted(logger, error.Message, leftOut);
                }

                onFull();
                await Task.Delay(Limits.AcceptPauseMs, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does the listener no longer listen?</summary>
    public static bool IsOver(Exception error) => error is ObjectDisposedException or OperationCanceledException ||
        error is SocketException { SocketErrorCode: SocketError.OperationAborted };

    /// <summary>Has one connection failed, and not the listener?</summary>
    public static bool IsOfOne(SocketException error) =>
        error?.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.NotConnected;

    [LoggerMessage(1081, LogLevel.Warning, "a connection could not be accepted: {Reason} ({LeftOut} more were not told of)")]
    private static partial void NotAccepted(ILogger logger, string reason, int leftOut);
}
