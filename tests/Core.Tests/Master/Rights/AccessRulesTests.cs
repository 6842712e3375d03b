using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Rights;

/// <summary>Who may do what.</summary>
public sealed class AccessRulesTests
{
    private static readonly AccessRules s_rules = AccessRulesText.Parse(
        """
        # chunk servers hold their own identity, whatever they are called
        allow cs* hold cs/{name}
        allow meta-1 hold meta
        allow watcher read cs/
        allow auditor read
        allow operator administer
        allow nfs* serve nfs/{name}
        allow meta-1 assign
        """, "rules");

    [Theory]
    [InlineData("cs1", "cs/cs1", true)]
    [InlineData("cs1", "cs/cs1/disk-3", true)]
    [InlineData("cs1", "cs/cs2", false)]
    [InlineData("cs1", "cs/cs10", false)] // A name that begins as another's does.
    [InlineData("cs1", "cs/", false)]
    [InlineData("cs1", "cs/CS1", false)]
    [InlineData("cs1", "meta", false)]
    [InlineData("cs", "cs/cs", true)]
    [InlineData("meta-1", "meta", true)]
    [InlineData("meta-1", "meta/2", true)]
    [InlineData("meta-1", "metal", false)]
    [InlineData("meta-10", "meta", false)]
    [InlineData("watcher", "cs/cs1", false)]
    [InlineData("operator", "cs/cs1", false)]
    public void An_identity_is_held_by_the_names_that_a_rule_gives_it_to(string name, string identity, bool isAllowed) =>
        Assert.Equal(isAllowed, Denial(name, Right.Hold, identity) == null);

    [Theory]
    [InlineData("watcher", "cs/cs1", true)]
    [InlineData("watcher", "meta", false)]
    [InlineData("auditor", "meta", true)]
    [InlineData("operator", "meta", true)] // Whoever administers reads everything.
    [InlineData("cs1", "cs/cs1", true)] // And a holder what is its own.
    [InlineData("cs1", "cs/cs2", false)]
    [InlineData("stranger", "meta", false)]
    public void What_is_read_is_what_a_rule_gives_to_read_and_what_is_ones_own(string name, string identity, bool isAllowed) =>
        Assert.Equal(isAllowed, Denial(name, Right.Read, identity) == null);

    [Theory]
    [InlineData("operator", true)]
    [InlineData("auditor", false)]
    [InlineData("cs1", false)]
    public void Only_an_administrator_administers(string name, bool isAllowed) =>
        Assert.Equal(isAllowed, Denial(name, Right.Administer, "cs/cs1") == null);

    [Theory]
    [InlineData("nfs1", Right.Serve, "nfs/nfs1", true)]
    [InlineData("nfs1", Right.Hold, "nfs/nfs1", true)] // Whoever serves holds.
    [InlineData("nfs1", Right.Read, "nfs/nfs1", true)]
    [InlineData("nfs1", Right.Serve, "nfs/nfs2", false)]
    [InlineData("nfs1", Right.Assign, null, false)]
    [InlineData("cs1", Right.Serve, "cs/cs1", false)] // And whoever holds does not serve.
    [InlineData("meta-1", Right.Assign, null, true)]
    [InlineData("meta-1", Right.Read, "cs/cs1", false)] // An assignment shows its server and nothing else.
    [InlineData("operator", Right.Assign, null, false)]
    [InlineData("operator", Right.Serve, "nfs/nfs1", false)]
    public void To_serve_and_to_assign_are_rights_of_their_own(string name, Right right, string? identity, bool isAllowed) =>
        Assert.Equal(isAllowed, Denial(name, right, identity) == null);

    [Fact]
    public void Any_is_what_a_rule_gives_anything_of()
    {
        Assert.Null(Denial("cs1", Right.Hold, null));
        Assert.Null(Denial("watcher", Right.Read, null));
        Assert.NotNull(Denial("watcher", Right.Hold, null));
        // The name cannot stand in the only rule that is for it.
        Assert.NotNull(Denial("cs/1", Right.Hold, null));
    }

    [Fact]
    public void A_denial_says_which_rule_came_nearest()
    {
        AccessDenial denial = Denial("cs1", Right.Hold, "cs/cs2")!;
        Assert.Equal(SessionStatus.PermissionDenied, denial.Status);
        Assert.Equal("allow cs* hold cs/{name} (line 2)", denial.Rule);
        Assert.Equal("'cs1' (token) may not hold 'cs/cs2': the rule of line 2 gives it 'cs/cs1'", denial.Message);
        Assert.Equal("no rule", Denial("stranger", Right.Read, "meta")!.Rule);
        Assert.Equal("no rule", Denial("cs1", Right.Administer, "meta")!.Rule);
    }

    [Fact]
    public void Without_a_name_nothing_is_allowed_and_the_status_says_so()
    {
        AccessDenial denial = s_rules.DenialOf(Caller.Nameless, Right.Hold, "cs/cs1")!;
        Assert.Equal(SessionStatus.Unauthenticated, denial.Status);
        Assert.Contains("has shown no name", denial.Message, System.StringComparison.Ordinal);
        AccessRules all = AccessRulesText.Parse("allow * hold *\nallow * administer", "rules");
        Assert.Null(all.DenialOf(Caller.Named("x", CallerProof.Certificate), Right.Hold, "anything"));
        Assert.Equal(SessionStatus.Unauthenticated, all.DenialOf(Caller.Nameless, Right.Hold, "anything")!.Status);
    }

    [Fact]
    public void A_rule_may_be_for_callers_without_a_name_and_gives_them_no_name()
    {
        AccessRules rules = AccessRulesText.Parse("allow - hold old/\nallow - hold new/{name}", "rules");
        Assert.Null(rules.DenialOf(Caller.Nameless, Right.Hold, "old/1"));
        Assert.Equal(SessionStatus.Unauthenticated, rules.DenialOf(Caller.Nameless, Right.Hold, "new/")!.Status);
        Assert.Equal(
            SessionStatus.PermissionDenied, rules.DenialOf(Caller.Named("cs1", CallerProof.Token), Right.Hold, "old/1")!.Status);
    }

    [Fact]
    public void A_user_is_known_by_the_number_that_the_kernel_says()
    {
        AccessRules rules = AccessRulesText.Parse("allow uid:1000 hold cs/1\nallow uid:100* read", "rules");
        Assert.Null(rules.DenialOf(Caller.OfUser(1000), Right.Hold, "cs/1"));
        Assert.Null(rules.DenialOf(Caller.OfUser(1001), Right.Read, "cs/1"));
        Assert.Equal(
            "'uid:1001' (Unix socket) may not hold 'cs/1': no rule gives it that right", rules.DenialOf(Caller.OfUser(1001), Right.Hold, "cs/1")!.Message);
    }

    [Theory]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", ".example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("cs-*.example.com", "cs-1.example.com", true)]
    [InlineData("cs-*.example.com", "cs-.example.com", true)]
    [InlineData("ab*ba", "aba", false)] // What stands before the star and what stands behind must not overlap.
    [InlineData("ab*ba", "abba", true)]
    [InlineData("*", "x", true)]
    [InlineData("x", "X", false)]
    public void A_star_stands_for_any_characters(string pattern, string name, bool matches) => Assert.Equal(
        matches, NamePattern.TryParse(pattern, out _)!.Matches(Caller.Named(name, CallerProof.Certificate)));

    [Theory]
    [InlineData("cs-*", "cs-1", true)]
    [InlineData("cs-*", "cs-", true)]
    [InlineData("cs-*", "cs", false)]
    [InlineData("*", "anything at all", true)]
    [InlineData("cs/", "cs/1", true)]
    [InlineData("cs/", "cs", false)]
    [InlineData("cs", "cs", true)]
    [InlineData("cs", "cs/1", true)]
    [InlineData("cs", "cs1", false)]
    [InlineData("a/{name}/b", "a/me/b", true)]
    [InlineData("a/{name}/b", "a/me/b/c", true)]
    [InlineData("a/{name}/b", "a/me", false)]
    [InlineData("a/{name}/*", "a/me/b", true)]
    [InlineData("a/{name}/*", "a/men/b", false)]
    public void A_prefix_ends_where_a_name_does(string prefix, string identity, bool covers) =>
        Assert.Equal(covers, IdentityPrefix.TryParse(prefix, out _)!.Covers(identity, "me"));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("*.example.com")]
    [InlineData("a\u202eb")]
    [InlineData("uid:0")]
    public void What_is_no_name_is_refused(string name) => Assert.Equal(
        SessionStatus.Unauthenticated, Assert.Throws<SessionException>(() => Caller.Named(name, CallerProof.Certificate)).Status);

    private static AccessDenial? Denial(string name, Right right, string? identity) =>
        s_rules.DenialOf(Caller.Named(name, CallerProof.Token), right, identity);
}
