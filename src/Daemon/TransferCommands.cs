using System;
using System.CommandLine;
using System.IO;
using Interop.Sessions.Master.Store.Transfer;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon;

/// <summary>session-master export and import.</summary>
internal static class TransferCommands
{
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
            using Stream target = path.Length > 0 ? Create(path) : Console.OpenStandardOutput();
            long records = StoreTransfer.Export(store.Read(parsed), target, loggers.CreateLogger("session-master"));
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

    // For its owner only: it holds secrets.
    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
