using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Interop.Sessions.Follower;

/// <summary>
/// The addresses of one name: what the resolver says now, and beside it those where a master answered before. A resolver
/// that fails, or says something else for a while, must not cost a lease while the master's address is well.
/// </summary>
public sealed class KnownAddresses
{
    /// <summary>Where a master answered, the latest first.</summary>
    private readonly List<IPAddress> _answered = [];

    /// <summary>Where something failed since, the earliest first.</summary>
    private readonly List<IPAddress> _failed = [];
    private IReadOnlyList<IPAddress> _resolved = [];
    private IPAddress? _connected;

    /// <summary>Is there one that worked before?</summary>
    public bool HasAny => _answered.Count > 0;

    /// <summary>
    /// What to dial, in this order: what has not failed before what has, the resolver's before those that are only
    /// remembered; of those that failed the one that failed longest ago, so that all are gone through.
    /// </summary>
    /// <param name="resolved">What the resolver says; empty: nothing, or nothing yet.</param>
    public IReadOnlyList<IPAddress> InOrder(IReadOnlyList<IPAddress> resolved)
    {
        if (resolved.Count > 0)
        {
            _resolved = resolved;
        }

        return [.. resolved.Concat(_answered).Distinct().OrderBy(address => _failed.IndexOf(address))];
    }

    /// <summary>A connection was made.</summary>
    public void Connected(IPAddress address) => _connected = address;

    /// <summary>A master answered over the last connection.</summary>
    public void Answered()
    {
        if (_connected is not { } address || (_answered.Count > 0 && _answered[0].Equals(address) && _failed.Count == 0))
        {
            return;
        }

        _failed.Remove(address);
        _answered.Remove(address);
        _answered.Insert(0, address);
        if (_answered.Count > Limits.MaxRememberedAddresses)
        {
            _answered.RemoveAt(_answered.Count - 1);
        }
    }

    /// <summary>
    /// The last connection was of no use; true: there is another address to try. Told once of each connection, however many
    /// calls it failed.
    /// </summary>
    public bool Failed()
    {
        if (_connected is not { } address)
        {
            return false;
        }

        _connected = null;
        Failed(address);
        return _resolved.Concat(_answered).Any(other => !other.Equals(address));
    }

    /// <summary>What the last connection was worth; true: the next call dials again.</summary>
    public bool Note(ConnectionSign sign)
    {
        switch (sign)
        {
            case ConnectionSign.Works:
                Answered();
                return false;
            case ConnectionSign.Useless:
                return Failed();
            case ConnectionSign.Lost:
                Failed();
                return true;
            default:
                return false;
        }
    }

    /// <summary>An address could not be dialled.</summary>
    public void Failed(IPAddress address)
    {
        _failed.Remove(address);
        _failed.Add(address);
        if (_failed.Count > Limits.MaxRememberedAddresses)
        {
            _failed.RemoveAt(0);
        }
    }
}
