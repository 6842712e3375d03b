using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>Drains: an identity whose server is to go gets no new objects and no new session.</content>
public sealed partial class SessionTable
{
    private const string DrainedText = "drained";

    private readonly DrainBook _drains = new();

    /// <summary>
    /// Drains an identity, whether it holds a session or not. The session that it holds goes on, and may be taken up by a re-attach;
    /// what else becomes of that session is asked for with the drain. Draining what is drained changes what is asked for. Durable.
    /// </summary>
    /// <exception cref="SessionException">InvalidArgument or TooLong: a text; TooManyObjects.</exception>
    public void Drain(Drain wanted)
    {
        NamedText.Require("identity", wanted.Identity, 1, Limits.MaxIdentityBytes);
        NamedText.Require("reason", wanted.Reason, 0, Limits.MaxReasonBytes);
        Drain? former = _drains.Of(wanted.Identity);
        if (former == null && _drains.Count >= _settings.MaxDrains)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects, $"{_drains.Count} identities are drained, which is the limit; undrain some");
        }

        Drain drain = wanted with { SinceUnixMs = former?.SinceUnixMs ?? Math.Max(_notedUnixMs, 0) };
        ChangeDrain(wanted.Identity, drain);
        if (drain is { RevokesSession: true, MovesObjects: false } && _byIdentity.GetValueOrDefault(drain.Identity) is { IsCondemned: false } session)
        {
            RevokeInBatch(session, ReasonOf(drain));
        }
    }

    /// <summary>Takes a drain back. Undraining what is not drained is fine: the call may be a repetition. Durable.</summary>
    /// <exception cref="SessionException">InvalidArgument or TooLong: the identity.</exception>
    public void Undrain(string identity)
    {
        NamedText.Require("identity", identity, 1, Limits.MaxIdentityBytes);
        ChangeDrain(identity, null);
    }

    /// <summary>Drains in the order of their identities, as durable.</summary>
    /// <param name="fromIdentity">The first that may come; empty: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.MaxDrainsPerPage"/>.</param>
    /// <param name="identityPrefix">What their identity begins with.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit.</exception>
    public DrainPage ListDrains(string fromIdentity, uint limit, string identityPrefix)
    {
        PageLimit.Require(limit, Limits.MaxDrainsPerPage);
        int wanted = (int)(limit == 0 ? Limits.MaxDrainsPerPage : limit);
        Drain[] page = [.. _drains.DurableFrom(fromIdentity)
            .Where(drain => drain.Identity.StartsWith(identityPrefix, StringComparison.Ordinal)).Take(wanted + 1)];
        return new DrainPage(
            [.. page.Take(wanted).Select(RowOf)], page.Length > wanted ? page[wanted].Identity : "");
    }

    private DrainRow RowOf(Drain drain)
    {
        Session? holder = FindDurable(drain.Identity);
        return new DrainRow(drain, holder?.Key.SessionId ?? 0, holder?.Assignments.Count ?? 0);
    }

    private static string ReasonOf(Drain drain) => drain.Reason.Length > 0 ? drain.Reason : DrainedText;

    private void ChangeDrain(string identity, Drain? drain)
    {
        Drain? former = _drains.Of(identity);
        if (drain == former)
        {
            return;
        }

        _drains.Change(identity, drain);
        ServeAsDrained(identity);
        _nextMoveNs = 0;
        Record(drain == null ? new StoreChange.RemoveDrain(identity) : new StoreChange.PutDrain(drain), () =>
        {
            _drains.Restore(identity, former);
            ServeAsDrained(identity);
        });
        if (_byIdentity.GetValueOrDefault(identity) is { } session)
        {
            Say(++Revision, ToStore(session), session);
        }
    }

    private void LoadDrain(Drain drain)
    {
        _drains.Load(drain);
        ServeAsDrained(drain.Identity);
        if (_byIdentity.GetValueOrDefault(drain.Identity) is { } session)
        {
            session.Drain = drain;
        }
    }

    /// <summary>New objects are given to the identity's server only while it is not drained.</summary>
    private void ServeAsDrained(string identity)
    {
        if (_byIdentity.GetValueOrDefault(identity) is { } session)
        {
            RemoveServer(session);
            AddServer(session);
        }
    }

    /// <summary>What a holder is told is durable.</summary>
    private void AcceptDrains()
    {
        foreach (string identity in _drains.Changed)
        {
            if (_byIdentity.GetValueOrDefault(identity) is { } session)
            {
                session.Drain = _drains.Of(identity);
            }
        }
    }

    /// <exception cref="SessionException">Draining, with the reason.</exception>
    private void RequireNotDrained(string identity)
    {
        if (_drains.Of(identity) is { } drain)
        {
            throw new SessionException(
                SessionStatus.Draining,
                $"identity '{identity}' is drained, and gets no session until it is undrained: {ReasonOf(drain)}");
        }
    }

    private IEnumerable<string> BrokenInvariantsOfDrains() => _byId.Values
        .Where(session => !_madeInBatch.Contains(session.Key.SessionId) && session.Drain != _drains.DurableOf(session.Description.Identity))
        .Select(session => $"{session.Key} is told {session.Drain}, and durable is {_drains.DurableOf(session.Description.Identity)}");
}
