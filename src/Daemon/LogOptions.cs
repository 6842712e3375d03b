namespace Interop.Sessions.Daemon;

/// <summary>What the program says to its log, and how.</summary>
internal sealed record LogOptions
{
    /// <summary>The least that is said, as <see cref="LogSettings"/> names it.</summary>
    public string Level { get; set; } = "information";

    /// <summary>Lines for people, or objects of JSON.</summary>
    public string Format { get; set; } = LogSettings.Text;
}
