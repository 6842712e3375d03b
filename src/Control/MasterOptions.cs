using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>Which masters, and how long: the options that all commands share.</summary>
internal sealed class MasterOptions
{
    private readonly Option<string> _masters = new("--masters")
    {
        Description = "Any or all masters of the cluster; whoever leads is found from there.",
        HelpName = "host:port,...",
        DefaultValueFactory = _ => "127.0.0.1:7070",
        Recursive = true,
    };

    private readonly Option<uint> _timeout = new("--timeout-ms")
    {
        Description = "How long to look for the leader and its answer, for each request.",
        HelpName = "milliseconds",
        DefaultValueFactory = _ => 5000,
        Recursive = true,
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_masters);
        command.Options.Add(_timeout);
    }

    /// <summary>Runs a command's work; a failure is told in one line and exits with 1.</summary>
    internal async Task<int> RunAsync(ParseResult parsed, Func<MasterAccess, Task> work)
    {
        try
        {
            string[] masters = parsed.GetRequiredValue(_masters).Split(',', StringSplitOptions.TrimEntries);
            foreach ((int? index, string problem) in EndpointAddress.ProblemsOf(masters))
            {
                throw new SessionException(SessionStatus.InvalidArgument, $"--masters{(index is { } i ? $"[{i}]" : "")} {problem}");
            }

            using MasterAccess access = new(masters, parsed.GetRequiredValue(_timeout));
            await work(access).ConfigureAwait(false);
            return 0;
        }
        catch (SessionException error)
        {
            await Console.Error.WriteLineAsync($"sessionctl: {error.Status.Name()}: {error.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
