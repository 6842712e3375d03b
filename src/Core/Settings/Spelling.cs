namespace Interop.Sessions;

/// <summary>How settings are named to whoever gave them.</summary>
public enum Spelling
{
    /// <summary>As the structs of C have them, and the errors of the library: "term_ms".</summary>
    C = 0,

    /// <summary>As .NET has them: "TermMs".</summary>
    DotNet = 1,

    /// <summary>As a command line has them: "--term-ms".</summary>
    CommandLine = 2,
}
