using System;
using System.CommandLine;
using System.IO;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Transfer;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon;

/// <summary>session-master create, export and import.</summary>
internal static class TransferCommands
{
    internal static Command Create()
    {
        StoreOptions store = new();
        Command command = new("create", "Makes an empty store where there is none: the beginning of a new cluster.");
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            using ILoggerFactory loggers = Log.OnStandardError();
            StoreTransfer.Create(store.Read(parsed), loggers.CreateLogger("session-master"));
        }));
        return command;
    }

    internal static Command Export()
    {
        StoreOptions store = new();
        Option<string> output = File("--output", "Where to, a file that must not exist; without it: standard output.");
        Command command = new("export", "Writes all sessions as JSON lines. They contain secrets: keep them as such.");
        command.Options.Add(output);
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            string path = parsed.GetRequiredValue(output);
            using ILoggerFactory loggers = Log.OnStandardError();
            ILogger logger = loggers.CreateLogger("session-master");
            SessionMasterOptions from = store.Read(parsed);
            long records = path.Length > 0
                ? NewFile.Write(path, target => StoreTransfer.Export(from, target, logger))
                : ExportTo(Console.OpenStandardOutput(), from, logger);
            Console.Error.WriteLine($"exported {records} records");
        }));
        return command;
    }

    internal static Command Import()
    {
        StoreOptions store = new();
        Option<string> input = File("--input", "Where from; without it: standard input.");
        Command command = new("import", "Fills an empty store with what was exported. Its masters must be stopped.");
        command.Options.Add(input);
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            string path = parsed.GetRequiredValue(input);
            using ILoggerFactory loggers = Log.OnStandardError();
            using Stream source = path.Length > 0 ? System.IO.File.OpenRead(path) : Console.OpenStandardInput();
            long records = StoreTransfer.Import(store.Read(parsed), source, loggers.CreateLogger("session-master"));
            Console.Error.WriteLine($"imported {records} records");
        }));
        return command;
    }

    private static Option<string> File(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "path",
        DefaultValueFactory = _ => "",
    };

    private static long ExportTo(Stream output, SessionMasterOptions from, ILogger logger)
    {
        using (output)
        {
            return StoreTransfer.Export(from, output, logger);
        }
    }
}
