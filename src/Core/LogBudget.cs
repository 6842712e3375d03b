using System;
using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>
/// Bounds the rate of log lines for each key (an endpoint and a kind of failure, an identity and a status): a few at once,
/// then one every some seconds. Kinds that alternate have a budget each, and the next line says how many were left out.
/// </summary>
public sealed class LogBudget
{
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>May a line be written? If so, how many were left out since the last.</summary>
    public bool TrySpend(string key, long nowNs, out int leftOut)
    {
        if (!_accounts.TryGetValue(key, out Account? account))
        {
            if (_accounts.Count >= Limits.MaxLogBudgets)
            {
                _accounts.Clear();
            }

            _accounts.Add(key, account = new Account { FullAtNs = nowNs });
        }

        leftOut = account.LeftOut;
        if (account.FullAtNs - nowNs > (Limits.LogLinesAtOnce - 1) * Ns.FromMs(Limits.LogPauseMs))
        {
            account.LeftOut++;
            return false;
        }

        account.FullAtNs = Math.Max(account.FullAtNs, nowNs) + Ns.FromMs(Limits.LogPauseMs);
        account.LeftOut = 0;
        return true;
    }

    private sealed class Account
    {
        /// <summary>When all lines may be spent at once again.</summary>
        internal long FullAtNs { get; set; }

        internal int LeftOut { get; set; }
    }
}
