using System.Diagnostics;
using System.Threading.Tasks;

namespace Interop.Sessions.Tests.Support;

/// <summary>A program that an operator runs beside a master.</summary>
internal static class Shell
{
    /// <summary>Its exit code and all that it said.</summary>
    internal static async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        string errors = await Eventually.Ends(process.StandardError.ReadToEndAsync());
        await Eventually.Ends(process.WaitForExitAsync());
        return (process.ExitCode, await said + errors);
    }
}
