using System;
using System.CommandLine;
using System.IO;
using Interop.Sessions.CommandLine;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon;

/// <summary>session-master create, export and import.</summary>
internal static class TransferCommands
{
    internal static Command Create()
    {
        StoreFlags store = new();
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
        StoreFlags store = new();
        Flags<FileOptions> files = new([FileSettings.Output]);
        Command command = new("export", "Writes all sessions as JSON lines. They contain all items, and what holders are known by: keep them to yourself.");
        files.AddTo(command);
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            string path = FilesOf(files, parsed).Output;
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
        StoreFlags store = new();
        Flags<FileOptions> files = new([FileSettings.Input]);
        Command command = new("import", "Fills an empty store with what was exported. Its masters must be stopped.");
        files.AddTo(command);
        store.AddTo(command);
        command.SetAction(parsed => Failures.Report(() =>
        {
            string path = FilesOf(files, parsed).Input;
            using ILoggerFactory loggers = Log.OnStandardError();
            using Stream source = path.Length > 0 ? File.OpenRead(path) : Console.OpenStandardInput();
            long records = StoreTransfer.Import(store.Read(parsed), source, loggers.CreateLogger("session-master"));
            Console.Error.WriteLine($"imported {records} records");
        }));
        return command;
    }

    private static FileOptions FilesOf(Flags<FileOptions> files, ParseResult parsed)
    {
        FileOptions options = new();
        files.Read(parsed, options);
        return options;
    }

    private static long ExportTo(Stream output, SessionMasterOptions from, ILogger logger)
    {
        using (output)
        {
            return StoreTransfer.Export(from, output, logger);
        }
    }
}
