using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>Messages as text, and as samples with every field set: by their descriptors, so that new messages need no code.</summary>
internal static class WireText
{
    /// <summary>Another one in each recording: only that it is there can be compared.</summary>
    private static readonly string[] s_neverTheSame = ["revision", "masterEpoch", "remainingMs", "endedUnixMs", "renewedUnixMs", "silentMs", "peerAddress"];

    private const string Masked = "*";

    /// <summary>What a create gives.</summary>
    private static readonly string[] s_new = ["sessionId", "epoch"];

    internal static IEnumerable<MessageDescriptor> All => SessionsReflection.Descriptor.MessageTypes;

    internal static string Of(IMessage message) => JsonNode.Parse(JsonFormatter.Default.Format(message))!.ToJsonString();

    /// <summary>A reply in words; what is never the same is "*".</summary>
    internal static string OfReply(string method, IMessage reply)
    {
        JsonNode text = JsonNode.Parse(Of(reply))!;
        Mask(text, method.EndsWith("/CreateSession", StringComparison.Ordinal) ? [.. s_neverTheSame, .. s_new] : s_neverTheSame);
        // It follows from the id: another one in each recording, and 0 as well, of which JSON says nothing.
        if (reply is CreateSessionReply { RenewalIntervalMs: > 0 } created &&
            created.RenewalPhaseMs == created.SessionId % created.RenewalIntervalMs)
        {
            text["renewalPhaseMs"] = Masked;
        }

        return text.ToJsonString();
    }

    /// <summary>Says a message all that was recorded? It may say more, in members that were not known then.</summary>
    internal static bool Says(JsonNode? found, JsonNode? recorded) => (recorded, found) switch
    {
        (JsonObject expected, JsonObject actual) => expected.All(member => Says(actual[member.Key], member.Value)),
        (JsonArray expected, JsonArray actual) =>
            expected.Count == actual.Count && expected.Zip(actual).All(pair => Says(pair.Second, pair.First)),
        _ => JsonNode.DeepEquals(recorded, found),
    };

    /// <summary>A message with every field set, each to a value of its own.</summary>
    internal static IMessage Sample(MessageDescriptor type)
    {
        IMessage message = type.Parser.ParseFrom([]);
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated)
            {
                IList list = (IList)field.Accessor.GetValue(message);
                list.Add(ValueOf(field, 0));
                list.Add(ValueOf(field, 1));
            }
            else
            {
                field.Accessor.SetValue(message, ValueOf(field, 0));
            }
        }

        return message;
    }

    /// <summary>The reply of a method.</summary>
    internal static MessageDescriptor ReplyOf(string method)
    {
        string[] parts = method.Split('/');
        return SessionsReflection.Descriptor.Services.Single(service => service.FullName == parts[1]).FindMethodByName(parts[2]).OutputType;
    }

    private static object ValueOf(FieldDescriptor field, int index)
    {
        // Beyond 32 bits where there is room: what is cut off shows.
        ulong number = (ulong)(field.FieldNumber + (100 * index));
        return field.FieldType switch
        {
            FieldType.Message => Sample(field.MessageType),
            FieldType.String => $"{field.Name} {index}",
            FieldType.Bytes => ByteString.CopyFrom(field.Name + index, Encoding.UTF8),
            FieldType.UInt32 => uint.MaxValue - (uint)number,
            FieldType.UInt64 or FieldType.Fixed64 => ulong.MaxValue - number,
            FieldType.Bool => true,
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[^1].Number),
            _ => throw new NotSupportedException($"{field.FullName}: {field.FieldType} has no sample yet"),
        };
    }

    private static void Mask(JsonNode? node, string[] names)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? element in array)
            {
                Mask(element, names);
            }
        }
        else if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToList())
            {
                if (names.Contains(name))
                {
                    members[name] = Masked;
                }
                else
                {
                    Mask(value, names);
                }
            }
        }
    }
}
