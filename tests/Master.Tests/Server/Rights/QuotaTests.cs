using System;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Quotas and rates of a file of rules, over the wire.</summary>
public sealed class QuotaTests : IDisposable
{
    private const string Rules = "allow cs* serve cs/{name}\nallow operator administer\n";

    private readonly VirtualTime _time = new();
    private readonly GuardedMaster _guarded;

    public QuotaTests()
    {
        _guarded = new GuardedMaster(null, _time, Rules + "quota cs/{name} sessions=1 item_bytes=100\nrate cs2 calls=1");
        _time.AwaitSleepers("sessions-files");
    }

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public async Task A_quota_is_kept_for_each_name_and_changes_with_its_file()
    {
        Wire.SessionKey key = await _guarded.As("cs1").CreateKeyAsync("cs/cs1/a", 60_000);
        await _guarded.As("cs2").CreateKeyAsync("cs/cs2/a", 60_000);
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManySessions, () => _guarded.As("cs1").CreateAsync("cs/cs1/b"));
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManyItems, () => _guarded.As("cs1").SetItemAsync(key, "k", new byte[100]));
        await _guarded.As("cs1").SetItemAsync(key, "k", new byte[99]);

        _guarded.WriteRules(Rules + "quota cs/{name} sessions=2 item_bytes=200\n");
        Assert.True(_time.PassUntil(() => _guarded.Log.Any(1088, "rules has changed, and is in force"), 10 * Limits.RightsLookMs));

        await _guarded.As("cs1").CreateAsync("cs/cs1/b");
        await _guarded.As("cs1").SetItemAsync(key, "k", new byte[150]);
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManySessions, () => _guarded.As("cs1").CreateAsync("cs/cs1/c"));
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_ask_again_and_is_answered_then()
    {
        Wire.SessionKey key = await _guarded.As("cs2").CreateKeyAsync("cs/cs2", 60_000);
        await _guarded.As("cs2").SetItemAsync(key, "k", [1]);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _guarded.As("cs2").SetItemAsync(key, "k", [2]));
        SessionException refusal = StatusOnTheWire.FromRpc(refused);
        Assert.Equal(SessionStatus.Overloaded, refusal.Status);
        Assert.InRange(refusal.RetryAfterMs, 1u, 1000u);
        Assert.Contains("'cs2' (token) makes more than 1 calls a second", refusal.Message, StringComparison.Ordinal);

        _time.Pass(refusal.RetryAfterMs);
        await _guarded.As("cs2").SetItemAsync(key, "k", [3]);
        // Nobody else is bounded, and neither is what else the caller does.
        await _guarded.As("cs2").ListItemsAsync(key);
        Wire.SessionKey other = await _guarded.As("cs1").CreateKeyAsync("cs/cs1", 60_000);
        for (byte i = 0; i < 10; i++)
        {
            await _guarded.As("cs1").SetItemAsync(other, "k", [i]);
        }
    }
}
