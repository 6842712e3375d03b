using System;
using System.Collections.Generic;
using System.CommandLine;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon;

/// <summary>session-master check.</summary>
internal static class CheckCommand
{
    internal static Command Make()
    {
        StoreFlags store = new();
        Flags<FileOptions> files = new([FileSettings.Salvage]);
        Command command = new(
            "check", "Lists what makes no sense in a store, and fails if there is any. Its masters must be stopped.");
        files.AddTo(command);
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            int faults = 0;
            FileOptions wanted = new();
            int failed = Failures.Report(() =>
            {
                files.Read(parsed, wanted);
                faults = Run(store.Read(parsed), wanted.Salvage);
            });
            return failed != 0 || (faults > 0 && wanted.Salvage.Length == 0) ? 1 : 0;
        });
        return command;
    }

    private static int Run(SessionMasterOptions store, string salvage)
    {
        using ILoggerFactory loggers = Log.OnStandardError();
        ILogger logger = loggers.CreateLogger("session-master");
        IReadOnlyList<StoreFault> faults = salvage.Length == 0
            ? StoreCheck.Find(store, logger)
            : StoreCheck.Salvage(store, found => Keep(found, salvage), logger);
        foreach (StoreFault fault in faults)
        {
            Console.Out.WriteLine(fault.Text);
        }

        Console.Error.WriteLine(
            salvage.Length > 0 && faults.Count > 0 ? $"moved {faults.Count} rows to {salvage}" : $"{faults.Count} rows make no sense");
        return faults.Count;
    }

    // All of it is on the disk before the first row is removed.
    private static void Keep(IReadOnlyList<StoreFault> faults, string path) => NewFile.Write(path, file =>
    {
        foreach (StoreFault fault in faults)
        {
            file.Write(fault.Line.Span);
            file.WriteByte((byte)'\n');
        }

        return faults.Count;
    });
}
