using System.Linq;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <content>
/// An import. What it brings is one transaction, so no half of it is ever there; but the file is there before, and without a mark
/// a master would lead on it as on a new cluster.
/// </content>
public sealed partial class SqliteSessionStore
{
    /// <summary>Opens a store for an import, also one whose import was interrupted; a file that is missing becomes one that is marked.</summary>
    /// <exception cref="SessionException">Store*.</exception>
    internal static SqliteSessionStore OpenForImport(string path, ulong maxBytes, ILogger logger) =>
        new(path, maxBytes, create: true, isImport: true, logger);

    /// <summary>
    /// Begins a leadership as <see cref="Lead"/> does, which fills the store with one commit. Until then the store says that an
    /// import is under way.
    /// </summary>
    /// <exception cref="SessionException">InvalidArgument: there is a cluster, which stays as it is; or as of Lead.</exception>
    internal StoreSnapshot BeginImport(LeadRequest request) => Write(() =>
    {
        if (StoreTable.Content.SelectMany(ReadRows).Any())
        {
            throw StoreTexts.NotEmpty($"store '{_path}'");
        }

        StoreFormat imported = ReadFormat().LedBy(request);
        StoreSnapshot begun = Begin(request, imported.AsImporting());
        _imported = imported;
        return begun;
    });
}
