using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>What a connection may have in progress.</summary>
public sealed class WireBoundsTests : IDisposable
{
    private static readonly Wire.SessionKey s_nobody = new() { SessionId = 1, Epoch = 1, Nonce = 1 };

    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_keep_alive_stream_beyond_a_connections_share_is_refused_with_what_is_full_and_when_to_ask_again_or_who_leads()
    {
        List<RenewalStream> streams = [];
        try
        {
            for (int i = 0; i < Limits.MaxKeepAliveStreamsPerConnection; i++)
            {
                streams.Add(_running.Client.OpenStream());
                Assert.Equal(SessionStatus.UnknownSession, await streams[^1].StatusOfAsync(s_nobody));
            }

            using RenewalStream another = _running.Client.OpenStream();
            SessionException refusal = await MasterClient.RefusalOf(() => another.StatusOfAsync(s_nobody));

            Assert.Equal(SessionStatus.Overloaded, refusal.Status);
            Assert.Contains($"{Limits.MaxKeepAliveStreamsPerConnection} keep-alive streams", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(Limits.WireRetryMs, refusal.RetryAfterMs);
            Assert.False(refusal.IsOutcomeUnknown);
            using MasterClient other = new(_running.Master.Port);
            using RenewalStream elsewhere = other.OpenStream();
            Assert.Equal(SessionStatus.UnknownSession, await elsewhere.StatusOfAsync(s_nobody));

            await AssertAnotherLeadsAsync();
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    // Or whoever asks a standby for too much would be kept there.
    private async Task AssertAnotherLeadsAsync()
    {
        _running.Hooks.OnCheckLeader = () => new LeaderAnswer(false, "leader:7070");
        await Eventually.IsTrueAsync(() => !_running.Master.Leads, "the host's answer");
        using RenewalStream another = _running.Client.OpenStream();
        SessionException refusal = await MasterClient.RefusalOf(() => another.StatusOfAsync(s_nobody));
        Assert.Equal((SessionStatus.NotLeader, "leader:7070"), (refusal.Status, refusal.LeaderHint));
    }
}
