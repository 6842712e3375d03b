using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>A follower shows its name by a token, and to nobody whom a hint has invented.</summary>
[SupportedOSPlatform("linux")]
public sealed class CallerTokenTests : IDisposable
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Token = "a-token-of-cs1-which-nobody-guesses";

    private readonly TemporaryDirectory _directory = new();

    private string TokenFile => _directory.File("token");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Its_session_is_created_renewed_and_closed_under_its_name()
    {
        using RunningMaster master = new(new History(), Guard);
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [master.Address], TokenFile = Write(Token + "\n") });
        SessionInfo session = test.CreateAndRenew();
        Assert.True(master.Holds(session.SessionId));
        test.Manager.Close();
        Assert.Empty(master.Sessions);
    }

    [Theory]
    [InlineData("", SessionStatus.Unauthenticated)]
    [InlineData("another-token-which-nobody-has-heard-of", SessionStatus.Unauthenticated)]
    public void Without_the_right_token_it_gets_no_session_and_asks_no_more(string token, SessionStatus status)
    {
        using RunningMaster master = new(new History(), Guard);
        using TestFollower test = new(
            new FollowerManagerOptions { Endpoints = [master.Address], TokenFile = token.Length == 0 ? "" : Write(token) });
        test.CreateFails(status);
    }

    [Fact]
    public void Another_identity_than_that_of_its_name_it_does_not_get()
    {
        using RunningMaster master = new(new History(), Guard);
        using TestFollower test = new(
            new FollowerManagerOptions { Endpoints = [master.Address], TokenFile = Write(Token) }, identity: "cs2");
        Assert.Contains("may not hold 'cs2'", test.CreateFails(SessionStatus.PermissionDenied).Message, StringComparison.Ordinal);
    }

    /// <summary>The one who leads is named by a master that lies; the second endpoint leads.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_master_that_only_a_hint_names_is_asked_by_those_alone_who_have_no_token(bool hasToken)
    {
        using LyingMaster standby = new();
        using LyingMaster named = new();
        using LyingMaster leader = new();
        standby.StandBy(named.Address);
        using TestFollower test = new(new FollowerManagerOptions
        {
            Endpoints = [standby.Address, leader.Address],
            TokenFile = hasToken ? Write(Token) : "",
        });
        test.Create();
        Assert.Equal(hasToken, named.Creates.IsEmpty);
        Assert.Equal(hasToken, !leader.Creates.IsEmpty);
    }

    [Fact]
    public void A_hint_at_a_configured_master_is_followed_with_it()
    {
        using LyingMaster standby = new();
        using LyingMaster away = new();
        using LyingMaster leader = new();
        standby.StandBy(leader.Address);
        away.StandBy("");
        using TestFollower test = new(new FollowerManagerOptions
        {
            Endpoints = [standby.Address, away.Address, leader.Address],
            TokenFile = Write(Token),
        });
        test.Create();
        Assert.Empty(away.Creates);
        Assert.Single(leader.Creates);
    }

    [Fact]
    public void A_denied_renewal_is_told_and_the_lease_lasts_as_long_as_it_was_promised()
    {
        using LyingMaster master = new();
        bool denies = true;
        master.OnKeepAlive = reply =>
        {
            foreach (Renewal renewal in reply.Renewals.Where(_ => Volatile.Read(ref denies)))
            {
                renewal.Status = Protocol.V1.Status.PermissionDenied;
            }
        };
        History log = new();
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [master.Address] }, log);
        test.Create();
        Eventually.IsTrue(() => log.Logged.Any(line => line.Id == 2087), "told");
        Assert.NotEqual(SessionState.Lost, test.State);
        Volatile.Write(ref denies, false);
        int renewals = master.KeepAlives.Count;
        Eventually.IsTrue(() => master.KeepAlives.Count > renewals + 1 && test.State == SessionState.Alive, "alive");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    [InlineData(UnixFileMode.OtherExecute, "0601")]
    public void A_file_that_others_may_use_is_refused(UnixFileMode others, string mode)
    {
        File.SetUnixFileMode(Write(Token), OwnersOnly | others);
        Assert.Equal(
            $"token_file '{TokenFile}' has mode {mode}: it holds a secret, which only its owner may read (0600)", RefusalOf().Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData(Token + "\n\n" + Token)]
    [InlineData(Token + " ")]
    [InlineData("\n" + Token)]
    public void A_file_without_a_token_is_refused_and_not_shown(string content)
    {
        Write(content);
        SessionException refusal = RefusalOf();
        Assert.StartsWith($"token_file '{TokenFile}' has no token: a token has 32 to 1024 characters", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Contains("cannot be read: No such file or directory", RefusalOf().Message, StringComparison.Ordinal);

    [Fact]
    public void What_changes_is_sent_from_then_on_and_what_makes_no_sense_is_not()
    {
        using VirtualTime time = new();
        List<string> told = [];
        using CallerToken token = new(Write(Token), "token_file", problem => told.Add(problem?.Message ?? "changed"), time: time);
        time.AwaitSleepers("sessions-files");
        Assert.Equal(Token, token.Latest);

        Write("nonsense");
        Assert.True(time.PassUntil(() => told.Count == 1, 10 * Limits.RightsLookMs));
        Assert.Equal(Token, token.Latest);

        Write($"{Token}-new");
        Assert.True(time.PassUntil(() => told.Count == 2, 10 * Limits.RightsLookMs));
        Assert.Equal($"{Token}-new", token.Latest);
        Assert.Contains("has no token", told[0], StringComparison.Ordinal);
        Assert.Equal("changed", told[1]);
        time.Flow();
    }

    private SessionException RefusalOf()
    {
        SessionException refusal = Assert.Throws<SessionException>(() => new CallerToken(TokenFile, "token_file"));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        return refusal;
    }

    private void Guard(SessionMasterOptions options)
    {
        options.AuthorizationFile = _directory.File("rules");
        options.TokensFile = _directory.File("tokens");
        File.WriteAllText(options.AuthorizationFile, "allow cs1 hold {name}\n");
        File.WriteAllText(options.TokensFile, $"cs1 {Convert.ToHexStringLower(BearerToken.HashOf(Token))}\n");
    }

    private string Write(string content)
    {
        File.WriteAllText(TokenFile, content);
        File.SetUnixFileMode(TokenFile, OwnersOnly);
        return TokenFile;
    }
}
