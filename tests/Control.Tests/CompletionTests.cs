using System.Diagnostics;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

/// <summary>What bash is told to offer behind what was typed.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("sessionctl li", "list")]
    [InlineData("sessionctl dr", "drain drains")]
    [InlineData("sessionctl list --so", "--sort")]
    [InlineData("sessionctl list --tls-k", "--tls-key-file")]
    [InlineData("sessionctl nothing-like-it", "")]
    public async Task Bash_offers_commands_and_options(string typed, string offered)
    {
        const string Ask = """
            sessionctl() { "$PROGRAM" "$@"; }
            eval "$(sessionctl completion bash)"
            COMP_LINE=$1 COMP_POINT=${#1}
            _sessionctl sessionctl "${1##* }"
            echo "${COMPREPLY[*]}"
            """;
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", Ask, "bash", typed])
        {
            RedirectStandardOutput = true,
            Environment = { ["PROGRAM"] = Built.Value("SessionctlProgram") },
        })!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync();
        await Eventually.Ends(bash.WaitForExitAsync());
        Assert.Equal(0, bash.ExitCode);
        Assert.Equal(offered, (await output).Trim().ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _sessionctl sessionctl")]
    [InlineData("zsh", "compdef _sessionctl sessionctl")]
    [InlineData("fish", "complete -c sessionctl -a '(_sessionctl)'")]
    public async Task Each_shell_is_told_in_its_own_words(string shell, string last) =>
        Assert.Equal(last, (await Sessionctl.LinesAsync("completion", shell))[^1]);

    [Fact]
    public Task A_shell_that_is_not_known_is_named() => Sessionctl.FailAsync(["completion", "ksh"], "'ksh'");
}
