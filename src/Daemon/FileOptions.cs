namespace Interop.Sessions.Daemon;

/// <summary>The files of a command that works on a store.</summary>
internal sealed class FileOptions
{
    internal string Salvage { get; set; } = "";

    internal string Output { get; set; } = "";

    internal string Into { get; set; } = "";

    internal string Input { get; set; } = "";
}
