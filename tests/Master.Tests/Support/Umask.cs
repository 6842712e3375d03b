namespace Interop.Sessions.Master.Tests.Support;

/// <summary>Runs a program with a umask of its own.</summary>
internal static class Umask
{
    internal static string[] With(string umask, params string[] command) =>
        ["sh", "-c", $"umask {umask}; exec \"$0\" \"$@\"", .. command];
}
