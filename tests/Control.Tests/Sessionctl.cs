using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

/// <summary>The real sessionctl, run to its end.</summary>
internal sealed record Sessionctl(int ExitCode, string Output, string Errors)
{
    private static readonly string _program = Built.Value("SessionctlProgram");

    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Without TLS, unless the arguments say how.</summary>
    internal static async Task<Sessionctl> RunAsync(params string[] arguments)
    {
        bool isSaid = arguments.Any(flag => flag == "--insecure" || flag.StartsWith("--tls-", StringComparison.Ordinal));
        string[] insecure = isSaid ? [] : ["--insecure", "loopback"];
        using Process process = Process.Start(new ProcessStartInfo(_program, [.. arguments, .. insecure])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await Eventually.Ends(process.WaitForExitAsync());
        return new Sessionctl(process.ExitCode, await output, await errors);
    }

    /// <summary>What it printed; it must have succeeded.</summary>
    internal static async Task<string[]> LinesAsync(params string[] arguments)
    {
        Sessionctl run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{run.ExitCode}: {run.Errors}");
        return run.Lines;
    }

    /// <summary>It must fail and say all this, without a stack trace.</summary>
    internal static async Task FailAsync(string[] arguments, params string[] said)
    {
        Sessionctl run = await RunAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        foreach (string words in said)
        {
            Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
