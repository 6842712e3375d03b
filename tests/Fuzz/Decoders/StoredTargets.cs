using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Google.Protobuf;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Mvccpb;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>What stores and exports hold, which other hands may have written.</summary>
internal static class StoredTargets
{
    private static readonly string[] s_words =
    [
        "{\"kind\":\"state\",\"format\":1,\"min_reader\":1,\"master_epoch\":7,\"revision\":9}\n",
        "{\"kind\":\"session\",\"session\":\"00000000000000a1\",\"epoch\":3,\"nonce\":\"b\",\"secret_hash\":\"c\",\"identity\":\"cs-1\"," +
            "\"host_name\":\"h\",\"process_id\":1,\"capabilities\":\"0\",\"endpoints\":[{\"kind\":1,\"address\":\"a:1\"}],\"term_ms\":10000}\n",
        "{\"kind\":\"item\",\"session\":\"a1\",\"key\":\"k\",\"value\":\"AAEC\",\"revision\":4}\n",
        "{\"kind\":\"assignment\",\"session\":\"a1\",\"access_point\":1,\"object\":\"o\"}\n",
        "{\"kind\":\"writes\",\"session\":\"a1\",\"nonce\":\"b\",\"first_unfinished\":1,\"numbers\":[1,2],\"revisions\":[3,4]}\n",
        "{\"kind\":\"end\",\"records\":1}\n", "{\"kind\":\"newer\",\"x\":[{}]}\n", "\"\\ud800\"", "\"\\u0000\"", "null", "[]", "{}", "-1",
        "18446744073709551615", "9223372036854775807", "9223372036854775808", "4294967295", "1e3", ",\"is_revoked\":true", ",\"suspect_ms\":5",
        ",\"revoke_reason\":\"r\"", ",\"lengthened_term_ms\":20000", ",\"unknown\":\"\\ud83d\"", ",\"is_restored\":true", "\u00e9", "//",
    ];

    internal static FuzzTarget Records { get; } = new("record", RunRecord) { Words = s_words };

    internal static FuzzTarget Exports { get; } = new("export", RunExport) { Words = s_words };

    internal static FuzzTarget Endpoints { get; } = new("endpoints", RunEndpoints)
    {
        Words = ["[{\"kind\":1,\"address\":\"a:1\"}]", "null", "\"kind\":", "\"address\":", "4294967295", "\"\\ud800\"", "[]", "{}", ","],
    };

    internal static FuzzTarget Etcd { get; } = new("etcd", RunEtcd)
    {
        Words = [.. s_words, "/p/sessions/", "/p/sessions/00000000000000a1/0000000000000003", "/items/k", "/writes", "/assignments/1/o"],
    };

    private static void RunRecord(byte[] input)
    {
        StoreChange? put = ReadPut(input);
        if (put == null)
        {
            return;
        }

        byte[] text = RecordText.Write(put);
        StoreChange again = RecordText.ReadPut(text, "again") ?? throw new FindingException("what was written is not known");
        Expect.Same(Convert.ToHexString(text), Convert.ToHexString(RecordText.Write(again)), "a record that is read again");
    }

    private static StoreChange? ReadPut(byte[] input)
    {
        try
        {
            return RecordText.ReadPut(input, "here");
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.StoreFailed)
        {
            return null;
        }
    }

    private static void RunExport(byte[] input)
    {
        StateRecord state;
        StoreChange[] content;
        try
        {
            (state, List<StoreChange> read) = ExportReader.Read(new MemoryStream(input), NullLogger.Instance);
            content = [.. read];
        }
        catch (SessionException refusal) when (refusal.Status is SessionStatus.InvalidArgument or SessionStatus.StoreFailed)
        {
            return;
        }

        // As an import does, and the master that leads on it then.
        (ulong masterEpoch, ulong revision) = new LeadRequest { UnixMs = 1, MasterEpochAbove = state.MasterEpoch }.Count(0, state.Revision, "here");
        Expect.That(masterEpoch > state.MasterEpoch, $"master epoch {masterEpoch} follows {state.MasterEpoch}");
        Expect.That(revision <= long.MaxValue - 1_000_000, $"revision {revision} leaves no room for changes");
        StoreSnapshot snapshot = new()
        {
            MasterEpoch = masterEpoch,
            Revision = revision,
            FormerRevision = state.Revision,
            LengthenedTermMs = state.LengthenedTermMs,
            IsRestored = true,
            Content = content,
        };
        SessionTable table = new(new SessionTableSettings(), snapshot, () => 5, nowNs: Ns.PerSecond);
        Expect.That(!table.BrokenInvariants().Any(), string.Join("; ", table.BrokenInvariants()));
        foreach (Session session in table.List(0, 0, "", out _))
        {
            WireTarget.Sound(session.Description.Identity, Limits.MaxIdentityBytes);
            WireTarget.Sound(session.Description.HostName, Limits.MaxHostNameBytes);
            WireTarget.Sound(session.RevokeReason, Limits.MaxReasonBytes);
            foreach (Item item in table.ListItems(session.Key.SessionId, ""))
            {
                WireTarget.Sound(item.Key, Limits.MaxItemKeyBytes);
            }

            Expect.That(session.DeadlineNs <= Ns.PerSecond + Ns.FromMs(Limits.MaxTermMs), $"a session lives until {session.DeadlineNs}");
        }

        using MemoryStream written = new();
        ExportWriter.Write(snapshot, written, NullLogger.Instance);
        (_, List<StoreChange> again) = ExportReader.Read(new MemoryStream(written.ToArray()), NullLogger.Instance);
        Expect.Same(content.Length, again.Count, "records of an export that is written again");
    }

    private static void RunEndpoints(byte[] input)
    {
        EndpointList list;
        try
        {
            list = EndpointText.Read(Encoding.UTF8.GetString(input));
        }
        catch (FormatException)
        {
            return;
        }

        Expect.Same(list, EndpointText.Read(EndpointText.Write(list)), "endpoints that are read again");
    }

    private static void RunEtcd(byte[] input)
    {
        EtcdKeys keys = new("/p");
        EtcdContentCheck check = new(keys);
        int at = 0;
        while (at < input.Length)
        {
            // Keys and values by turns, each up to the next line.
            byte[] key = Line(input, ref at);
            byte[] value = Line(input, ref at);
            try
            {
                if (check.Read(new KeyValue { Key = ByteString.CopyFrom(key), Value = ByteString.CopyFrom(value) }) is { } put)
                {
                    Expect.Same(keys.Of(put).Key, WireTarget.Strict.GetString(key), "where a put lies");
                }
            }
            catch (SessionException refusal) when (refusal.Status == SessionStatus.StoreFailed)
            {
            }
        }

        try
        {
            EtcdVersion.IsKnownToDo("e:1", Encoding.UTF8.GetString(input));
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.StoreFailed)
        {
        }
    }

    private static byte[] Line(byte[] input, ref int at)
    {
        int end = Array.IndexOf(input, (byte)'\n', at);
        byte[] line = input[at..(end < 0 ? input.Length : end)];
        at = end < 0 ? input.Length : end + 1;
        return line;
    }
}
