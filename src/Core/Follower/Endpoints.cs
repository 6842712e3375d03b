using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Follower;

/// <summary>What <see cref="Endpoints"/> holds ready after a failure.</summary>
public enum NextMaster
{
    /// <summary>A hint that was not tried yet.</summary>
    Hinted,

    /// <summary>A configured master that was not tried since one last answered.</summary>
    Untried,

    /// <summary>Every configured master failed since one last answered.</summary>
    AllTried,

    /// <summary>The same one: it answered, or it answers renewals.</summary>
    Same,
}

/// <summary>
/// Which master to talk to. The configured ones are gone through in a rotation that advances by one at each failure,
/// whatever hints say. A hint is tried once; if it fails or does not lead it rests, and the rotation goes on behind where
/// it was. So a configured leader that can be reached is tried after at most so many failures, even if all others lie.
/// A master that answers renewals is left for its own word only: that a call gets no answer there, since its store hangs or
/// one of its connections does, is no sign that another leads.
/// </summary>
public sealed class Endpoints
{
    private readonly bool _followsStrangers;
    private string[] _configured;
    private readonly Dictionary<string, long> _restsUntilNs = new(StringComparer.Ordinal);
    private int _rotation;
    private string? _hint;
    private int _hintsInARow;
    private int _failures;

    /// <summary>Has the current one answered as a leader does, since it was turned to?</summary>
    private bool _hasAnswered;

    /// <summary>Where renewals were answered last, and until when that says that it is well.</summary>
    private string? _renews;
    private long _renewsUntilNs;

    /// <summary>Begins with the first.</summary>
    /// <param name="configured">At least one.</param>
    /// <param name="followsStrangers">
    /// May a hint lead to a master that is not configured? Not where what is sent there must not fall into the hands of others.
    /// </param>
    public Endpoints(IReadOnlyList<string> configured, bool followsStrangers = true)
    {
        _configured = [.. configured];
        _followsStrangers = followsStrangers;
    }

    /// <summary>The master to talk to.</summary>
    public string Current => _hint ?? _configured[_rotation];

    /// <summary>How it stands with the masters; never None, since it does not know whether anybody asks them.</summary>
    public ConnectionState State =>
        _hasAnswered ? ConnectionState.Connected
        : _failures < _configured.Length ? ConnectionState.Connecting
        : ConnectionState.Away;

    /// <summary>Times that a hint was turned to.</summary>
    public long Redirects { get; private set; }

    /// <summary>Times that the rotation went on.</summary>
    public long Failovers { get; private set; }

    /// <summary>Is it one of the configuration?</summary>
    public bool IsConfigured(string address) => _configured.Contains(address, StringComparer.Ordinal);

    /// <summary>
    /// Other masters are the configured ones from now on. A master that answers stays in use until it fails or says that it
    /// does not lead, whether it is among the new ones or not; then, or at once where no master answers, the first of the new
    /// ones is next.
    /// </summary>
    /// <param name="configured">At least one.</param>
    public void Configure(IReadOnlyList<string> configured)
    {
        string current = Current;
        bool stays = _hasAnswered || current == _renews;
        _configured = [.. configured];
        _failures = 0;
        _hintsInARow = 0;
        int index = Array.IndexOf(_configured, current);
        _hint = stays && index < 0 ? current : null;
        // Behind the last comes the first.
        _rotation = !stays ? 0 : index >= 0 ? index : _configured.Length - 1;
    }

    /// <summary>
    /// May what leads to a master be given up? Only of one that is not configured, that is not the one to talk to, and that
    /// answers no renewals.
    /// </summary>
    public bool MayBeForgotten(string address, long nowNs) =>
        !IsConfigured(address) && address != Current && !Renews(address, nowNs);

    /// <summary>A master answered renewals; the next answer is to come by then.</summary>
    public void Renewed(string address, long untilNs)
    {
        _renews = address;
        _renewsUntilNs = untilNs;
    }

    /// <summary>Renewals are no longer sent to a master: it does not lead, or did not answer them.</summary>
    public NextMaster RenewalsFailed(string address, SessionStatus status, string? hint, long nowNs)
    {
        if (_renews == address)
        {
            _renews = null;
        }

        return status == SessionStatus.NotLeader ? DoesNotLead(address, hint, nowNs) : Failed(address, nowNs);
    }

    /// <summary>Notes what a failed call says of its master.</summary>
    /// <param name="address">Where it was made.</param>
    /// <param name="status">What was answered, or happened.</param>
    /// <param name="isOutcomeUnknown">False: the master answered, and did nothing.</param>
    /// <param name="hint">Whom the master named as the leader.</param>
    /// <param name="nowNs">The clock now.</param>
    public NextMaster CallFailed(string address, SessionStatus status, bool isOutcomeUnknown, string? hint, long nowNs)
    {
        switch (status)
        {
            case SessionStatus.NotLeader:
                return DoesNotLead(address, hint, nowNs);
            case SessionStatus.NoMaster:
            case SessionStatus.Unauthenticated:
            case SessionStatus.TimedOut when isOutcomeUnknown:
                return Renews(address, nowNs) ? NextMaster.Same : Failed(address, nowNs);
            default:
                Answered(address);
                return NextMaster.Same;
        }
    }

    /// <summary>A master could not be reached, or gave no answer. A master that followers have moved on from changes nothing.</summary>
    public NextMaster Failed(string address, long nowNs)
    {
        if (address == Current)
        {
            // A master that led a moment ago may only have lost its connection: its name is good for one more try.
            if (!_hasAnswered)
            {
                Rest(address, nowNs, Limits.DeadHintRestMs);
            }

            MoveOn();
        }

        return Next();
    }

    /// <summary>A master answered that it does not lead, and may have named the leader.</summary>
    public NextMaster DoesNotLead(string address, string? hint, long nowNs)
    {
        if (address != Current)
        {
            return Next();
        }

        // A master that has been elected a moment ago and still loads says so too: a short rest.
        Rest(address, nowNs, Limits.StandbyHintRestMs);
        if (hint == null || !IsWorthFollowing(hint, address, nowNs))
        {
            MoveOn();
            return Next();
        }

        _hint = hint;
        _hintsInARow++;
        Redirects++;
        _hasAnswered = false;
        return NextMaster.Hinted;
    }

    /// <summary>
    /// A master answered as a leader does. Late words of one that has been moved on from move nothing back.
    /// </summary>
    public void Answered(string address)
    {
        if (address != Current)
        {
            return;
        }

        _failures = 0;
        _hintsInARow = 0;
        _hasAnswered = true;
        _restsUntilNs.Remove(address);
        int index = Array.IndexOf(_configured, address);
        if (index >= 0)
        {
            _rotation = index;
            _hint = null;
        }
    }

    private bool Renews(string address, long nowNs) => address == _renews && nowNs < _renewsUntilNs;

    private NextMaster Next() =>
        _hint != null ? NextMaster.Hinted
        : _failures < _configured.Length ? NextMaster.Untried
        : NextMaster.AllTried;

    private bool IsWorthFollowing(string hint, string from, long nowNs) =>
        !UnixEndpoint.Is(hint) && hint != from && _hintsInARow < Limits.MaxHintsInARow &&
        !(_restsUntilNs.TryGetValue(hint, out long untilNs) && nowNs < untilNs) &&
        (IsConfigured(hint) || (_followsStrangers && EndpointAddress.CanBeFollowed(hint, from)));

    private void MoveOn()
    {
        _hint = null;
        _hintsInARow = 0;
        _hasAnswered = false;
        Failovers++;
        _rotation = (_rotation + 1) % _configured.Length;
        _failures = Math.Min(_failures + 1, _configured.Length);
    }

    private void Rest(string address, long nowNs, uint restMs)
    {
        foreach ((string rested, long untilNs) in _restsUntilNs)
        {
            if (untilNs <= nowNs)
            {
                _restsUntilNs.Remove(rested);
            }
        }

        if (_restsUntilNs.Count >= Limits.MaxRestingEndpoints)
        {
            _restsUntilNs.Remove(_restsUntilNs.MinBy(resting => resting.Value).Key);
        }

        _restsUntilNs[address] = nowNs + Ns.FromMs(restMs);
    }
}
