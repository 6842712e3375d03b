using System;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower whose identity is drained hears so, keeps its session, and gets no other until it is undrained.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public async Task It_is_told_with_its_renewals_and_gets_a_session_again_when_it_is_undrained()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo session = test.Create();
        await _master.Master.DrainAsync(new Drain { Identity = TestFollower.Identity, Reason = "rack 7" });
        Eventually.IsTrue(() => test.Follower.Session is { IsDraining: true, DrainReason: "rack 7" }, "it is told");
        Assert.True(LeaseReader.IsValid(test.Follower.LeaseAddress, session.Epoch));

        await _master.Master.DrainAsync(new Drain { Identity = TestFollower.Identity, Reason = "rack 7", RevokesSession = true });
        test.HearsOf($"lost {session.Epoch} Revoked");
        Assert.Equal("rack 7", test.Follower.Session.EndText);
        Assert.Equal(SessionStatus.Draining, Assert.Throws<SessionException>(() => test.Create()).Status);

        await _master.Master.UndrainAsync(TestFollower.Identity);
        Assert.True(test.Create().Epoch > session.Epoch);
        Assert.False(test.Follower.Session.IsDraining);
    }

    public void Dispose() => _master.Dispose();
}
