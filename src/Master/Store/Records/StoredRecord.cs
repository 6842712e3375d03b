using System.Text.Json.Serialization;

namespace Interop.Sessions.Master.Store.Records;

/// <summary>
/// What is stored, as JSON: the value of a key in etcd and a line of an export are the same text. Numbers that use all 64
/// bits are hexadecimal strings, since many readers of JSON round them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateRecord), "state")]
[JsonDerivedType(typeof(SessionRecord), "session")]
[JsonDerivedType(typeof(ItemRecord), "item")]
[JsonDerivedType(typeof(AssignmentRecord), "assignment")]
[JsonDerivedType(typeof(WritesRecord), "writes")]
[JsonDerivedType(typeof(EndRecord), "end")]
internal abstract record StoredRecord;

/// <summary>What belongs to no session.</summary>
internal sealed record StateRecord : StoredRecord
{
    internal const int KnownFormat = 1;

    public int Format { get; init; } = KnownFormat;

    public required ulong MasterEpoch { get; init; }

    public required ulong Revision { get; init; }

    /// <summary>As in <see cref="StoreSnapshot"/>.</summary>
    public uint LengthenedTermMs { get; init; }

    /// <summary>As in <see cref="StoreSnapshot"/>.</summary>
    public bool IsRestored { get; init; }

    /// <summary>In etcd: counts transactions, so that no two states are the same text.</summary>
    public ulong Transactions { get; init; }
}

/// <summary>A session.</summary>
internal sealed record SessionRecord : StoredRecord
{
    public required string Session { get; init; }

    public required ulong Epoch { get; init; }

    public required string Nonce { get; init; }

    public required string Secret { get; init; }

    public required string Identity { get; init; }

    /// <summary>Null: absent, as the generated reader has it whatever the member begins with.</summary>
    public string? HostName { get; init; }

    public uint ProcessId { get; init; }

    public required string Capabilities { get; init; }

    public string? NfsEndpoint { get; init; }

    public string? IscsiEndpoint { get; init; }

    public required uint TermMs { get; init; }

    public bool IsRevoked { get; init; }

    public uint? SuspectMs { get; init; }
}

/// <summary>An item of a session.</summary>
internal sealed record ItemRecord : StoredRecord
{
    public required string Session { get; init; }

    public required string Key { get; init; }

    public required byte[] Value { get; init; }

    public required ulong Revision { get; init; }
}

/// <summary>What was answered to the writes of a session's connection: numbers and revisions, pair by pair.</summary>
internal sealed record WritesRecord : StoredRecord
{
    public required string Session { get; init; }

    public required string Nonce { get; init; }

    public required ulong FirstUnfinished { get; init; }

    public required ulong[] Numbers { get; init; }

    public required ulong[] Revisions { get; init; }
}

/// <summary>An access point.</summary>
internal sealed record AssignmentRecord : StoredRecord
{
    public required string Session { get; init; }

    public required AccessPointKind AccessPoint { get; init; }

    public required string Object { get; init; }
}

/// <summary>The last line of an export: what ends without it was cut off.</summary>
internal sealed record EndRecord : StoredRecord
{
    public required long Records { get; init; }
}

/// <summary>The records' serializer, generated: no reflection in a NativeAOT library.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StoredRecord))]
internal sealed partial class StoredRecordJson : JsonSerializerContext;
