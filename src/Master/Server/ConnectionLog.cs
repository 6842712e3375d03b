using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>What is to be said of connections: a line now and then, however many come.</summary>
/// <param name="logger">Where.</param>
internal sealed class ConnectionLog(ILogger logger)
{
    private readonly LogBudgets _budgets = new();

    internal void NotAccepted(string why)
    {
        if (_budgets.TrySpend(nameof(NotAccepted), out int leftOut))
        {
            MasterLog.NotAccepted(logger, why, leftOut);
        }
    }

    internal void NoPlace(string what)
    {
        if (_budgets.TrySpend(what, out int leftOut))
        {
            MasterLog.NoPlace(logger, what, leftOut);
        }
    }
}
