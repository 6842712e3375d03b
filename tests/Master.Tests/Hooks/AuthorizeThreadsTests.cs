using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Hooks;

/// <summary>What waits for a host's Authorize that hangs is bounded, and no time passes meanwhile.</summary>
public sealed class AuthorizeThreadsTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ManualResetEventSlim _goOn = new();
    private readonly AuthorizeThreads _threads;
    private int _asked;

    public AuthorizeThreadsTests() => _threads = new AuthorizeThreads(
        _ =>
        {
            Interlocked.Increment(ref _asked);
            _goOn.Wait();
            return true;
        },
        new RecordedLog(),
        _time);

    public void Dispose()
    {
        _goOn.Set();
        _threads.Dispose();
        _time.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public async Task One_caller_has_its_part_of_what_waits_and_no_more()
    {
        Task<Verdict>[] all = [.. Enumerable.Range(0, Limits.MaxAuthorizeWaitingOfOne).Select(_ => AskAsync("one"))];
        await AssertOverloadedAsync(AskAsync("one"), Limits.MaxAuthorizeWaitingOfOne);
        await AssertAllowedAsync([.. all, AskAsync("other"), AskAsync("one", isRenewal: true)]);
    }

    [Fact]
    public async Task So_many_calls_of_all_callers_wait_and_as_many_renewals()
    {
        Task<Verdict>[] withHost = [.. Enumerable.Range(0, Limits.MaxAuthorizeThreads - 1).Select(_ => AskAsync("first"))];
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _asked) == withHost.Length, "as many calls as may be are with the host");
        Task<Verdict>[] calls =
        [
            .. Enumerable.Range(0, Limits.MaxAuthorizeWaiting)
                .Select(i => AskAsync((i / Limits.MaxAuthorizeWaitingOfOne).ToString(CultureInfo.InvariantCulture))),
        ];
        await AssertOverloadedAsync(AskAsync("another"), Limits.MaxAuthorizeWaiting);

        Task<Verdict> renewal = AskAsync("another", isRenewal: true);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _asked) == Limits.MaxAuthorizeThreads, "a renewal is with the host");
        Task<Verdict>[] renewals =
            [.. Enumerable.Range(0, Limits.MaxAuthorizeWaiting).Select(_ => AskAsync("another", isRenewal: true))];
        await AssertOverloadedAsync(AskAsync("another", isRenewal: true), Limits.MaxAuthorizeWaiting);
        await AssertAllowedAsync([.. withHost, .. calls, renewal, .. renewals]);
    }

    private Task<Verdict> AskAsync(string caller, bool isRenewal = false) =>
        _threads.AskAsync(new AccessRequest(Caller.Named(caller, CallerProof.Token), Right.Hold, "identity"), isRenewal);

    private static async Task AssertOverloadedAsync(Task<Verdict> asked, int most)
    {
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(() => asked);
        Assert.Equal(SessionStatus.Overloaded, refusal.Status);
        Assert.StartsWith($"{most} calls ", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Once the host answers.</summary>
    private async Task AssertAllowedAsync(Task<Verdict>[] asked)
    {
        _goOn.Set();
        Assert.DoesNotContain(await Eventually.Ends(Task.WhenAll(asked)), verdict => verdict.IsRefusal);
    }
}
