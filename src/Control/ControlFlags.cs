using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.CommandLine;

namespace Interop.Sessions.Control;

/// <summary>The flags that all commands share, and a command's work with what they say.</summary>
internal sealed class ControlFlags
{
    private readonly Flags<ControlOptions> _ofAllCommands = new(ControlSettings.OfAllCommands, isOfAllCommands: true);

    internal void AddTo(RootCommand command) => _ofAllCommands.AddTo(command);

    /// <summary>Lets a command take flags of its own, and do its work; a failure is told in one line and exits with 1.</summary>
    internal void Give(
        Command command, IReadOnlyList<Setting<ControlOptions>> settings, Func<MasterAccess, ControlOptions, ParseResult, Task> work)
    {
        Flags<ControlOptions> own = new(settings);
        own.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, own, work));
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Flags<ControlOptions> own, Func<MasterAccess, ControlOptions, ParseResult, Task> work)
    {
        try
        {
            ControlOptions options = new();
            _ofAllCommands.Read(parsed, options);
            own.Read(parsed, options);
            foreach (string problem in ControlSettings.All.SelectMany(setting => setting.ProblemsOf(options, Spelling.CommandLine)))
            {
                throw new SessionException(SessionStatus.InvalidArgument, problem);
            }

            using MasterAccess access = new(options.Masters, options.TimeoutMs);
            await work(access, options, parsed).ConfigureAwait(false);
            return 0;
        }
        catch (SessionException error)
        {
            await Console.Error.WriteLineAsync($"sessionctl: {error.Status.Name()}: {Printable.Of(error.Message)}").ConfigureAwait(false);
            return 1;
        }
    }
}
