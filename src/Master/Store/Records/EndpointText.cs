using System;
using System.Linq;
using System.Text.Json;

namespace Interop.Sessions.Master.Store.Records;

/// <summary>Endpoints of a server in its record, and as the text of SQLite's column: the same JSON.</summary>
internal static class EndpointText
{
    internal static EndpointRecord[] ToRecords(EndpointList endpoints) =>
        [.. endpoints.Select(endpoint => new EndpointRecord { Kind = (uint)endpoint.Kind, Address = endpoint.Address })];

    /// <exception cref="FormatException">One of them is null.</exception>
    internal static EndpointList FromRecords(EndpointRecord?[]? records) =>
        [.. (records ?? []).Select(record => record == null
            ? throw new FormatException("an endpoint is null")
            : new Endpoint((AccessPointKind)record.Kind, record.Address))];

    internal static string Write(EndpointList endpoints) =>
        JsonSerializer.Serialize(ToRecords(endpoints), StoredRecordJson.Default.EndpointRecordArray);

    /// <exception cref="FormatException">It is no list of endpoints.</exception>
    internal static EndpointList Read(string text)
    {
        try
        {
            return FromRecords(JsonSerializer.Deserialize(text, StoredRecordJson.Default.EndpointRecordArray) ??
                throw new JsonException("null"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException($"endpoints are no list of kinds and addresses: {error.Message}", error);
        }
    }
}
