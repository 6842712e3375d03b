namespace Interop.Sessions.Master.Store;

/// <summary>What the stores say in the same words.</summary>
internal static class StoreTexts
{
    /// <summary>The way out of a store that is not there.</summary>
    internal const string HowToCreate =
        "If that is wanted, ask for it: --create, or create_store in the options; if not, put the right one or a backup there";
}
