using System;
using System.Collections.Generic;
using System.CommandLine;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon;

/// <summary>session-master salvage.</summary>
internal static class SalvageCommand
{
    internal static Command Make()
    {
        Flags<SessionMasterOptions> store = new([MasterSettings.Store]);
        Flags<FileOptions> files = new([FileSettings.Into]);
        Command command = new(
            "salvage",
            "Takes what can be read of a damaged SQLite file into a new one, and lists what is lost or doubtful. Changes nothing of the damaged one.");
        files.AddTo(command);
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            SessionMasterOptions damaged = new();
            store.Read(parsed, damaged);
            FileOptions wanted = new();
            files.Read(parsed, wanted);
            if (damaged.StorePath.Length == 0 || wanted.Into.Length == 0)
            {
                throw new SessionException(SessionStatus.InvalidArgument, "salvage needs --store, the damaged file, and --into, the new one");
            }

            using ILoggerFactory loggers = Log.OnStandardError();
            Say(StoreSalvage.Run(damaged.StorePath, wanted.Into, loggers.CreateLogger("session-master")), wanted.Into);
        }));
        return command;
    }

    private static void Say(SalvageReport report, string into)
    {
        Say("lost", report.Lost);
        Say("doubtful", report.Doubtful);
        Console.Error.WriteLine(
            $"took {report.Records} records into {into}; {report.Lost.Count} losses and {report.Doubtful.Count} doubtful records are listed");
    }

    private static void Say(string what, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Console.Out.WriteLine($"{what}: {Printable.Of(line)}");
        }
    }
}
