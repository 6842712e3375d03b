using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

public sealed class ManPagesTests
{
    [Fact]
    public async Task They_have_what_the_programs_say_with_help()
    {
        string root = Path.GetFullPath(Built("RepositoryRoot"));
        using Process check = Process.Start(new ProcessStartInfo(Path.Combine(root, "cmake/man-pages"), "--check")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SESSION_MASTER"] = Built("SessionMasterProgram"), ["SESSIONCTL"] = Built("SessionctlProgram") },
        })!;
        Task<string> differences = check.StandardOutput.ReadToEndAsync();
        Task<string> errors = check.StandardError.ReadToEndAsync();

        // Some twenty starts of programs, on a machine that does other work.
        await check.WaitForExitAsync().WaitAsync(10 * Eventually.Patience);

        Assert.True(check.ExitCode == 0, $"{await differences}{await errors}");
    }

    private static string Built(string name) => typeof(ManPagesTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;
}
