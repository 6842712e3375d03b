using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>Calls of a table as an input says, with keys that are right, old, or made up.</summary>
internal sealed class TableCalls(ByteInput input)
{
    private readonly List<SessionKey> _keys = [];
    private readonly List<(SessionKey Key, UInt128 Secret, string Identity)> _secrets = [];

    internal static SessionTableSettings Settings(ByteInput input) => new()
    {
        MaxSessions = input.Of(2u, 5u, 100u),
        MaxItemsPerSession = input.Of(1u, 3u, 100u),
        MaxItemBytes = input.Of(4u, 1000u),
        MaxSessionBytes = input.Of(20ul, 10_000ul),
        MaxRenewalsPerSecond = input.Of(10u, 200_000u),
        MaxAccessPoints = input.Of(2u, 100u),
        MaxAccessPointsPerIdentity = input.Of(1u, 100u),
        MaxTermMs = input.Of(10_000u, 60_000u, Limits.MaxTermMs),
    };

    /// <summary>One call, which may be refused: with what a caller is told, and never as a defect.</summary>
    internal void Call(SessionTable table, long nowNs)
    {
        try
        {
            Do(table, nowNs);
        }
        catch (SessionException refusal)
        {
            Expect.That(refusal.Status is not (SessionStatus.Ok or SessionStatus.Internal), $"a call is refused with {refusal.Status}");
        }
    }

    private void Do(SessionTable table, long nowNs)
    {
        switch (input.Below(20))
        {
            case 0 or 1:
                Keep(table.Create(Description(), Nonce(), nowNs, [.. Enumerable.Range(0, input.Below(3)).Select(_ => Nonce())]), table, nowNs);
                break;
            case 2:
                (SessionKey former, UInt128 secret, string identity) = Former();
                Keep(table.Reattach(former.SessionId, identity, secret, Nonce(), nowNs), table, nowNs);
                break;
            case 3:
                Verify(table.KeepAlive(Key(), nowNs), table);
                break;
            case 4:
                table.Inquire(Key(), isGateClosed: true, out _);
                break;
            case 5:
                table.ClearSuspect(Key());
                break;
            case 6:
                table.Close(Key());
                break;
            case 7:
                SessionKey revoked = Key();
                table.Revoke(revoked.SessionId, revoked.Epoch, input.Name("r", 3));
                break;
            case 8 or 9:
                table.SetItem(Key(), ItemKey(), input.Raw(input.Below(9)), Revision(), Write());
                break;
            case 10:
                table.RemoveItem(Key(), ItemKey(), Revision(), Write());
                break;
            case 11:
                table.ApplyItems(Key(), [.. Enumerable.Range(0, input.Below(4)).Select(_ => Change())], Write());
                break;
            case 12:
                table.GetItem(Key(), ItemKey());
                break;
            case 13:
                table.ListItems(Key(), input.Name("", 2));
                break;
            case 14 or 15:
                table.FindAccessPoint(Key(), (AccessPointKind)input.Of(0u, 1u, 2u, 65_536u, uint.MaxValue), input.Name("o", 3));
                break;
            case 16:
                SessionKey of = input.Flag() ? Key() : default;
                table.ReleaseAccessPoint(
                    Key(), (AccessPointKind)input.Of(1u, 2u), input.Name("o", 3), new ReleasedAssignment(of.SessionId, of.Epoch, Revision() ?? 0));
                break;
            case 17:
                table.RequireAwaited(Key(), Write());
                break;
            case 18:
                Page(table);
                break;
            default:
                table.FindCreated(input.Name("s", 4), Nonce(), nowNs);
                if (input.Flag())
                {
                    Operate(table, nowNs);
                }

                break;
        }
    }

    /// <summary>What an operator asks, and objects that move because of it.</summary>
    private void Operate(SessionTable table, long nowNs)
    {
        switch (input.Below(4))
        {
            case 0:
                table.Drain(new Drain
                {
                    Identity = input.Name("s", 4),
                    Reason = input.Name("r", 3),
                    MovesObjects = input.Flag(),
                    RevokesSession = input.Flag(),
                });
                break;
            case 1:
                table.Undrain(input.Name("s", 4));
                break;
            case 2:
                table.MoveObjects(nowNs);
                break;
            default:
                AccessPointPage page = table.ListAccessPoints(new AccessPointQuery { Limit = 1, ObjectPrefix = input.Name("o", 2) });
                Expect.That(page.Rows.Count <= 1, $"a page of one has {page.Rows.Count} rows");
                break;
        }
    }

    private static void Verify(KeepAliveVerdict verdict, SessionTable table)
    {
        Expect.That(
            verdict.Status == SessionStatus.Ok == (verdict.TermMs > 0) && verdict.TermMs <= table.LongestTermMs,
            $"a renewal is answered {verdict.Status} with {verdict.TermMs} ms");
    }

    private void Page(SessionTable table)
    {
        uint limit = input.Of(0u, 1u, 2u, Limits.MaxSessionsPerPage, Limits.MaxSessionsPerPage + 1, uint.MaxValue);
        ulong from = input.Flag() ? input.Number() : 0;
        IReadOnlyList<Session> page = table.List(from, limit, input.Flag() ? input.Name("s", 2) : "", out ulong next);
        Expect.That(page.All(session => session.Key.SessionId >= from), "a page begins before it should");
        Expect.That(next == 0 || page.All(session => session.Key.SessionId < next), "the next page has what this one had");
    }

    private void Keep(Session session, SessionTable table, long nowNs)
    {
        Expect.That(session.DeadlineNs >= nowNs + Ns.FromMs(session.PromisedTermMs), "a session is promised more than it has");
        Expect.That(session.PromisedTermMs <= table.LongestTermMs, "a session is promised more than anybody");
        _keys.Add(session.Key);
        _secrets.Add((session.Key, TestConnections.SecretOf(session), session.Description.Identity));
    }

    private ServerDescription Description() => new()
    {
        Identity = input.Name("s", 4),
        HostName = "h",
        TermMs = input.Flag() ? input.Number32() : 0,
        Endpoints = [.. Enumerable.Range(0, input.Below(3)).Select(i => new Endpoint((AccessPointKind)input.Of(1u, 2u, 65_536u), $"e{i}:1"))],
        Items = [.. Enumerable.Range(0, input.Below(3)).Select(_ => new Item(ItemKey(), input.Raw(input.Below(5)), input.Of(0ul, 0ul, 1ul)))],
    };

    private ulong Nonce() => 1 + (ulong)input.Below(6);

    private SessionKey Key()
    {
        byte which = input.Byte();
        if (_keys.Count == 0 || which >= 240)
        {
            return new SessionKey(input.Number(), input.Number(), input.Number());
        }

        SessionKey key = _keys[_keys.Count - 1 - (which % _keys.Count)];
        return which < 224 ? key : key with { Epoch = input.Number() };
    }

    private (SessionKey Key, UInt128 Secret, string Identity) Former() =>
        _secrets.Count == 0 ? default((SessionKey, UInt128, string)) with { Item3 = "" } : _secrets[input.Below(_secrets.Count)];

    private string ItemKey() => input.Byte() < 230 ? input.Name("k", 4) : input.Text();

    private ulong? Revision() => input.Byte() switch
    {
        < 160 => null,
        < 200 => 0,
        < 230 => _keys.Count == 0 ? 1 : _keys[^1].Epoch + 1,
        _ => input.Number(),
    };

    private WriteId Write() => input.Byte() switch
    {
        < 128 => default,
        < 200 => new WriteId(1 + (ulong)input.Below(4), (ulong)input.Below(4)),
        _ => new WriteId(input.Number(), input.Number()),
    };

    private ItemChange Change() =>
        new((ItemChangeKind)input.Below(5), ItemKey(), input.Raw(input.Below(4)), Revision());
}
