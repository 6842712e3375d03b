using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Rights;

/// <summary>Files of rules and tokens: an error names the file, the line, and what is wrong.</summary>
public sealed class RightsFilesTests
{
    private const string Token = "0123456789abcdefghijklmnopqrstuv";

    [Theory]
    [InlineData("deny a hold b", "'deny' begins no rule")]
    [InlineData("allow", "'allow' lacks something")]
    [InlineData("allow a", "'allow a' lacks something")]
    [InlineData("allow a own b", "'own' is no right")]
    [InlineData("allow a Hold b", "'Hold' is no right")]
    [InlineData("allow a hold", "'hold' lacks its prefix")]
    [InlineData("allow a hold b c", "'c' is one word too many")]
    [InlineData("allow a read b # all", "'#' is one word too many")]
    [InlineData("allow a administer b", "'b' is one word too many")]
    [InlineData("allow a*b* hold c", "'a*b*' has more than one star")]
    [InlineData("allow -* hold c", "'-*' is no name and no pattern of one")]
    [InlineData("allow a hold b*c", "'b*c' has a star that is not at its end")]
    [InlineData("allow a hold {NAME}", "'{NAME}' has a brace")]
    [InlineData("allow a hold {name}/{name}", "'{name}/{name}' has a brace")]
    [InlineData("allow a hold cs/{name}*", "'cs/{name}*' goes on behind {name}")]
    [InlineData("allow a hold cs/{name}-1", "'cs/{name}-1' goes on behind {name}")]
    [InlineData("quota cs", "'quota cs' lacks something; a bound is 'quota PREFIX")]
    [InlineData("quota c*s sessions=1", "'c*s' has a star that is not at its end")]
    [InlineData("quota cs sessions", "'sessions' bounds nothing; a bound is")]
    [InlineData("quota cs creates=1", "'creates=1' bounds nothing; a bound is")]
    [InlineData("quota cs sessions=0", "sessions is '0'; it must be a number from 1 to 18446744073709551615")]
    [InlineData("quota cs sessions=-1", "sessions is '-1'; it must be")]
    [InlineData("quota cs item_bytes=1M", "item_bytes is '1M'; it must be")]
    [InlineData("quota cs sessions=1 sessions=2", "sessions is there twice")]
    [InlineData("rate", "'rate' lacks something; a bound is")]
    [InlineData("rate a*b* calls=1", "'a*b*' has more than one star")]
    [InlineData("rate a sessions=1", "'sessions=1' bounds nothing; a bound is")]
    [InlineData("rate a calls=1000001", "calls is '1000001'; it must be a number from 1 to 1000000")]
    public void A_rule_that_makes_no_sense_is_named(string line, string problem)
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => AccessRulesText.Parse($"# rules\n\nallow fine hold fine\r\n  {line}\nnonsense", "authorization_file '/etc/r'"));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.StartsWith($"authorization_file '/etc/r', line 4: {problem}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# allow a hold b\n")]
    public void A_file_without_a_rule_is_refused(string text) => Assert.Equal(
        "the file has no rule, so that no caller could do anything",
        Assert.Throws<SessionException>(() => AccessRulesText.Parse(text, "the file")).Message);

    [Fact]
    public void A_file_has_so_many_rules_at_most()
    {
        string[] lines = [.. Enumerable.Repeat("allow a hold b", Limits.MaxAccessRules)];
        Assert.Equal(Limits.MaxAccessRules, AccessRulesText.Parse(string.Join('\n', lines), "the file").Count);
        Assert.StartsWith(
            $"the file, line {Limits.MaxAccessRules + 1}: ",
            Assert.Throws<SessionException>(() => AccessRulesText.Parse(string.Join('\n', [.. lines, lines[0]]), "the file")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quota cs sessions=1", "quotas")]
    [InlineData("rate a calls=1", "rates")]
    public void A_file_has_so_many_bounds_at_most(string line, string what)
    {
        string text = "allow a hold b\n" + string.Join('\n', Enumerable.Repeat(line, Limits.MaxQuotas + 1));
        Assert.StartsWith(
            $"the file, line {Limits.MaxQuotas + 2}: a file may have {Limits.MaxQuotas} {what}",
            Assert.Throws<SessionException>(() => AccessRulesText.Parse(text, "the file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_alone_give_nobody_anything() => Assert.Contains(
        "has no rule, so that no caller could do anything",
        Assert.Throws<SessionException>(() => AccessRulesText.Parse("quota cs sessions=1\nrate a calls=1", "the file")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_token_shows_the_name_of_its_line()
    {
        string other = Token.ToUpperInvariant();
        TokenNames tokens = TokenNames.Parse(
            $"# tokens\ncs1\t{Hash(Token)}\ncs1 {Hash(Token + "=")}\r\n\noperator {Hash(other).ToUpperInvariant()}", "the file");
        Assert.Equal(3, tokens.Count);
        Assert.Equal("cs1", tokens.NameOf(Token));
        Assert.Equal("cs1", tokens.NameOf(Token + "="));
        Assert.Equal("operator", tokens.NameOf(other));
        Assert.Null(tokens.NameOf(Token + "/"));
        Assert.Null(tokens.NameOf(""));
        Assert.Null(TokenNames.None.NameOf(Token));
    }

    [Theory]
    [InlineData("cs1", "it has 1 words")]
    [InlineData("cs1 {0} more", "it has 3 words")]
    [InlineData("- {0}", "its first word is no name")]
    [InlineData("cs* {0}", "its first word is no name")]
    [InlineData("cs1 0123456789abcdefghijklmnopqrstuv", "its second word is not the SHA-256 of a token")]
    [InlineData("cs1 {0}0", "its second word is not the SHA-256 of a token")]
    [InlineData("cs2 {1}", "it has the token of line 1")]
    public void A_line_of_tokens_that_makes_no_sense_is_named_and_not_shown(string line, string problem)
    {
        string known = Hash(Token);
        string text = $"cs1 {known}\n{line.Replace("{0}", Hash("x"), StringComparison.Ordinal).Replace("{1}", known, StringComparison.Ordinal)}";
        SessionException refusal = Assert.Throws<SessionException>(() => TokenNames.Parse(text, "tokens_file '/etc/t'"));
        Assert.StartsWith($"tokens_file '/etc/t', line 2: {problem}", refusal.Message, StringComparison.Ordinal);
        // Whoever writes a token itself there shall not find it in a log.
        Assert.DoesNotContain(line.Split(' ')[^1], refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void A_token_has_a_length_that_nobody_guesses(int length, bool isToken) =>
        Assert.Equal(isToken, BearerToken.IsToken(new string('a', length)));

    [Theory]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('ä')]
    [InlineData(',')]
    public void A_token_has_no_character_that_a_header_cannot_have(char c) => Assert.False(BearerToken.IsToken(Token + c));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
