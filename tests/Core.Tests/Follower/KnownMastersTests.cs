using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A caller with a token asks the masters that it was told of, and no others.</summary>
public sealed class KnownMastersTests
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string Foreign = "10.0.0.9:7070";

    [Fact]
    public void A_hint_at_a_stranger_is_not_followed_and_one_at_a_known_master_is()
    {
        Endpoints endpoints = new([A, B], followsStrangers: false);
        Assert.Equal(NextMaster.Untried, endpoints.DoesNotLead(A, Foreign, 1));
        Assert.Equal(B, endpoints.Current);
        Assert.Equal(NextMaster.Hinted, endpoints.DoesNotLead(B, A, Ns.FromMs(Limits.DeadHintRestMs)));
        Assert.Equal(A, endpoints.Current);
    }

    /// <summary>Whatever masters say, and however they fail.</summary>
    [Fact]
    public void No_stranger_is_ever_asked() => Gen.Select(Gen.Int[0, 3], Gen.OneOf<string>(A, B, Foreign, "m.test:7070", "127.0.0.1:1", ""))
        .Array[1, 40].Sample(steps =>
        {
            Endpoints endpoints = new([A, B], followsStrangers: false);
            long nowNs = 1;
            foreach ((int what, string hint) in steps)
            {
                nowNs += Ns.FromMs(Limits.StandbyHintRestMs / 3);
                string asked = endpoints.Current;
                switch (what)
                {
                    case 0:
                        endpoints.Answered(asked);
                        break;
                    case 1:
                        endpoints.Failed(asked, nowNs);
                        break;
                    case 2:
                        endpoints.RenewalsFailed(asked, SessionStatus.NotLeader, hint, nowNs);
                        break;
                    default:
                        endpoints.CallFailed(asked, SessionStatus.NotLeader, false, hint, nowNs);
                        break;
                }

                Assert.True(endpoints.IsConfigured(endpoints.Current));
            }
        }, iter: 5_000);
}
