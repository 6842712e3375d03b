namespace Interop.Sessions.Daemon.Http;

/// <summary>What the program serves over HTTP, for people and programs that watch it.</summary>
internal sealed record HttpOptions
{
    /// <summary>"host:port"; empty: nothing is served.</summary>
    public string ListenAddress { get; set; } = "";
}
