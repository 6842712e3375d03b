namespace Interop.Sessions.Master.Store;

/// <summary>What both kinds of store say in the same words.</summary>
internal static class StoreTexts
{
    /// <summary>What to do about a SQLite file that is damaged, for the end of a refusal.</summary>
    internal static string WayOutOf(string store) =>
        $"Restore a backup, or take what can be read of it into a new store: 'session-master salvage --store {store} --into NEW'";

    /// <summary>The refusal of an import into a store that has something already.</summary>
    /// <param name="store">Its name.</param>
    internal static SessionException NotEmpty(string store) => new(
        SessionStatus.InvalidArgument, $"{store} is not empty: an import would mix two clusters' sessions");

    /// <summary>The refusal of a store that is not there, when no option has asked for a new one.</summary>
    /// <param name="store">Its name.</param>
    /// <param name="how">"missing" or "empty".</param>
    internal static SessionException NothingThere(string store, string how) => new(
        SessionStatus.StoreFailed,
        $"store '{store}' is {how}: to begin with it would be a new cluster, which knows no session of the former one. If that " +
        "is wanted, ask for it: --create, or create_store in the options; if not, put the right store or a backup there");
}
