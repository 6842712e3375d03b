namespace Interop.Sessions.Daemon;

/// <summary>The settings of the commands of session-master, besides those of the store.</summary>
internal static class FileSettings
{
    internal static TextSetting<FileOptions> Salvage { get; } = new()
    {
        Name = "salvage",
        Flag = "--salvage",
        IsInC = false,
        Value = "path",
        Description = "Moves the rows that make no sense to this new file, as JSON lines, so that a master can begin.",
        Get = options => options.Salvage,
        Set = (options, given) => options.Salvage = given,
    };

    internal static TextSetting<FileOptions> Into { get; } = new()
    {
        Name = "into",
        Flag = "--into",
        IsInC = false,
        Value = "path",
        Description = "The file of the new store, which must not exist.",
        Get = options => options.Into,
        Set = (options, given) => options.Into = given,
    };

    internal static TextSetting<FileOptions> Output { get; } = new()
    {
        Name = "output",
        Flag = "--output",
        IsInC = false,
        Value = "path",
        Description = "Where to, a file that must not exist; without it: standard output.",
        Get = options => options.Output,
        Set = (options, given) => options.Output = given,
    };

    internal static TextSetting<FileOptions> Input { get; } = new()
    {
        Name = "input",
        Flag = "--input",
        IsInC = false,
        Value = "path",
        Description = "Where from; without it: standard input.",
        Get = options => options.Input,
        Set = (options, given) => options.Input = given,
    };
}
