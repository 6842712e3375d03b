using System;

namespace Interop.Sessions.Master;

/// <summary>
/// One line of a file of rules that bounds what there may be at a time: of sessions whose identities are below a prefix, and of the bytes
/// of their items, all together. With "{name}" in the prefix each name that may stand there has a bound of its own.
/// </summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Prefix">Of which identities.</param>
/// <param name="MostSessions">How many sessions; null: any number.</param>
/// <param name="MostItemBytes">How many bytes of keys and values; null: any number.</param>
public sealed record StockQuota(int Line, IdentityPrefix Prefix, ulong? MostSessions, ulong? MostItemBytes)
{
    /// <summary>The identities that are counted together with this one, as people read it; null: it is not counted.</summary>
    public string? GroupOf(string identity) => Prefix.GroupOf(identity);

    /// <summary>What a refusal calls it.</summary>
    public string Say(string group) => $"the quota of line {Line} of the rules, for '{group}'";
}

/// <summary>The quotas that are in force: a reader sees all of one file, or all of the next.</summary>
public sealed class QuotaBoard
{
    private volatile StockQuota[] _current = [];

    /// <summary>One on which nothing is ever written.</summary>
    public static QuotaBoard Empty { get; } = new();

    /// <summary>Another array after each change.</summary>
    internal StockQuota[] Current => _current;

    /// <summary>Others are in force from now on.</summary>
    public void Write(StockQuota[] quotas)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        if (quotas.Length > 0 || _current.Length > 0)
        {
            _current = quotas;
        }
    }
}
