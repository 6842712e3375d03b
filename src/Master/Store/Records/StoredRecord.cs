using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interop.Sessions.Master.Store.Records;

/// <summary>
/// What is stored, as JSON: the value of a key in etcd and a line of an export are the same text. Numbers that use all 64
/// bits are hexadecimal strings, since many readers of JSON round them. Newer releases add members and kinds; a reader that
/// does not know a kind has a record of this class alone.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(StateRecord), "state")]
[JsonDerivedType(typeof(SessionRecord), "session")]
[JsonDerivedType(typeof(ItemRecord), "item")]
[JsonDerivedType(typeof(AssignmentRecord), "assignment")]
[JsonDerivedType(typeof(WritesRecord), "writes")]
[JsonDerivedType(typeof(EndedRecord), "ended")]
[JsonDerivedType(typeof(DrainRecord), "drain")]
[JsonDerivedType(typeof(EndRecord), "end")]
internal record StoredRecord
{
    /// <summary>Members that this release does not know: written as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>What belongs to no session.</summary>
internal sealed record StateRecord : StoredRecord
{
    public int? Format { get; init; }

    public int? MinReader { get; init; }

    public required ulong MasterEpoch { get; init; }

    public required ulong Revision { get; init; }

    /// <summary>As in <see cref="StoreSnapshot"/>.</summary>
    public uint LengthenedTermMs { get; init; }

    /// <summary>As in <see cref="StoreSnapshot"/>.</summary>
    public bool IsRestored { get; init; }

    /// <summary>In etcd: counts transactions, so that no two states are the same text.</summary>
    public ulong Transactions { get; init; }

    /// <summary>Both numbers. A record that tells only one counts for both: no release reads it that knows less.</summary>
    [JsonIgnore]
    internal StoreFormat StoreFormat
    {
        get => Format is { } format ? new StoreFormat(format, MinReader ?? format) : StoreFormat.New;
        init => (Format, MinReader) = (value.Format, value.MinReader);
    }
}

/// <summary>A session.</summary>
/// <remarks>Set, not init, where a value stands for a member that is not there: the generated reader forgets it otherwise.</remarks>
internal sealed record SessionRecord : StoredRecord
{
    public required string Session { get; init; }

    public required ulong Epoch { get; init; }

    public required string NonceHash { get; init; }

    public required string SecretHash { get; init; }

    public required string Identity { get; init; }

    public string HostName { get; set; } = "";

    public uint ProcessId { get; init; }

    public required string Capabilities { get; init; }

    public EndpointRecord[] Endpoints { get; set; } = [];

    public required uint TermMs { get; init; }

    public bool IsRevoked { get; init; }

    public string? RevokeReason { get; init; }

    /// <summary>Null: the default.</summary>
    public uint? Weight { get; init; }

    public uint? SuspectMs { get; init; }
}

/// <summary>Where a server answers: a member of its session's record, in SQLite a column of its row.</summary>
internal sealed record EndpointRecord
{
    /// <summary>Its number: a newer release may know more of them.</summary>
    public required uint Kind { get; init; }

    public required string Address { get; init; }
}

/// <summary>An item of a session.</summary>
internal sealed record ItemRecord : StoredRecord
{
    public required string Session { get; init; }

    public required string Key { get; init; }

    public required byte[] Value { get; init; }

    public required ulong Revision { get; init; }
}

/// <summary>The answers to the writes of a session's connection: numbers and revisions, pair by pair.</summary>
internal sealed record WritesRecord : StoredRecord
{
    public required string Session { get; init; }

    public required string NonceHash { get; init; }

    public required ulong FirstUnfinished { get; init; }

    public required ulong[] Numbers { get; init; }

    public required ulong[] Revisions { get; init; }
}

/// <summary>An access point.</summary>
internal sealed record AssignmentRecord : StoredRecord
{
    public required string Session { get; init; }

    /// <summary>The number of its kind: a newer release may know more of them.</summary>
    public required uint AccessPoint { get; init; }

    public required string Object { get; init; }
}

/// <summary>What is kept of a session that has ended.</summary>
internal sealed record EndedRecord : StoredRecord
{
    public required ulong Revision { get; init; }

    public required string Session { get; init; }

    public required ulong Epoch { get; init; }

    public required string Identity { get; init; }

    public string HostName { get; set; } = "";

    public uint ProcessId { get; init; }

    public string PeerAddress { get; set; } = "";

    /// <summary>Its number: a newer release may know more of them.</summary>
    public required int Reason { get; init; }

    public string Text { get; set; } = "";

    public required long EndedUnixMs { get; init; }

    public required long SilentMs { get; init; }

    public bool IsHeard { get; init; }

    public bool IsGateClosed { get; init; }
}

/// <summary>That an identity is drained.</summary>
internal sealed record DrainRecord : StoredRecord
{
    public required string Identity { get; init; }

    public string Reason { get; set; } = "";

    public required long SinceUnixMs { get; init; }

    public bool MovesObjects { get; init; }

    public bool RevokesSession { get; init; }
}

/// <summary>The last line of an export: what ends without it was cut off.</summary>
internal sealed record EndRecord : StoredRecord
{
    public required long Records { get; init; }
}

/// <summary>The records' serializer, generated: no reflection in a NativeAOT library.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(StoredRecord))]
[JsonSerializable(typeof(EndpointRecord[]))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class StoredRecordJson : JsonSerializerContext;
