using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.CommandLine;

namespace Interop.Sessions.Control;

/// <summary>The flags that all commands share, and a command's work with what they say.</summary>
internal sealed class ControlFlags
{
    /// <summary>As shells have it of a program that SIGINT ends.</summary>
    private const int InterruptedExitCode = 130;

    private readonly Flags<ControlOptions> _ofAllCommands = new(ControlSettings.OfAllCommands, isOfAllCommands: true);

    internal void AddTo(RootCommand command) => _ofAllCommands.AddTo(command);

    /// <summary>Lets a command take flags of its own, and do its work; a failure is told in one line and exits with 1.</summary>
    internal void Give(
        Command command, IReadOnlyList<Setting<ControlOptions>> settings, Func<MasterAccess, ControlOptions, ParseResult, Task> work) =>
        Give(command, settings, (access, options, parsed, _) => work(access, options, parsed));

    /// <summary>The same of work that lasts until it is interrupted, which is no failure and exits with 130.</summary>
    internal void Give(
        Command command, IReadOnlyList<Setting<ControlOptions>> settings,
        Func<MasterAccess, ControlOptions, ParseResult, CancellationToken, Task> work)
    {
        Flags<ControlOptions> own = new(settings);
        own.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, own, work, cancellation));
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Flags<ControlOptions> own, Func<MasterAccess, ControlOptions, ParseResult, CancellationToken, Task> work,
        CancellationToken cancellation)
    {
        try
        {
            ControlOptions options = new();
            _ofAllCommands.Read(parsed, options);
            own.Read(parsed, options);
            foreach (string problem in ControlSettings.ProblemsOf(options))
            {
                throw new SessionException(SessionStatus.InvalidArgument, problem);
            }

            using CallerToken? token = options.TokenFile.Length == 0
                ? null
                : new CallerToken(options.TokenFile, "--token-file");
            using MasterAccess access = new(options, token);
            await work(access, options, parsed, cancellation).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return InterruptedExitCode;
        }
        catch (SessionException error)
        {
            await Console.Error.WriteLineAsync($"sessionctl: {error.Status.Name()}: {Printable.Of(error.Message)}").ConfigureAwait(false);
            return 1;
        }
    }
}
