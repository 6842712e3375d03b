namespace Interop.Sessions.Control;

/// <summary>Kinds of what is watched, as an operator names them.</summary>
internal static class KindsText
{
    internal const string All = "sessions,items,access-points";

    /// <summary>None: there is a word that says nothing.</summary>
    internal static WatchKinds Read(string text) => (WatchKinds)WordsText.Read(text, word => (uint)(word switch
    {
        "sessions" => WatchKinds.Sessions,
        "items" => WatchKinds.Items,
        "access-points" => WatchKinds.AccessPoints,
        _ => WatchKinds.None,
    }));
}
