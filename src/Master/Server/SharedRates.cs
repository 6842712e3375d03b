using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Master.Server;

/// <summary>The <see cref="CallRates"/> that all calls share.</summary>
internal sealed class SharedRates(IReadOnlyList<CallRate> rates)
{
    private readonly Lock _lock = new();
    private readonly CallRates _rates = new(rates);

    /// <inheritdoc cref="CallRates.Begin"/>
    internal SessionException? Begin(Caller caller, CallClass call, long nowNs)
    {
        if (_rates.IsEmpty)
        {
            return null;
        }

        lock (_lock)
        {
            return _rates.Begin(caller, call, nowNs);
        }
    }
}
