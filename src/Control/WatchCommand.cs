using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Control;

/// <summary>sessionctl watch.</summary>
internal static class WatchCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Argument<string> prefix = new("prefix")
        {
            Description = "Only servers whose identity begins so.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "",
        };
        Command command = new(
            "watch",
            "Says all that there is and then what changes, as it becomes durable, until it is interrupted (exit code 130): sessions, items and " +
            "which server an object is assigned to. Over a change of leader it goes on without a gap, or says all that there is once more, of " +
            "which only the difference is shown. Without a leader for --timeout-ms it fails.")
        {
            prefix,
        };
        flags.Give(
            command,
            [
                ControlSettings.Kinds, ControlSettings.Prefix, ControlSettings.ObjectPrefix, ControlSettings.After, ControlSettings.News,
                ControlSettings.Json,
            ],
            (master, options, parsed, cancellation) =>
                WatchAsync(master, OptionsOf(options, parsed.GetValue(prefix) ?? ""), options.Json, cancellation));
        return command;
    }

    private static WatchOptions OptionsOf(ControlOptions options, string identityPrefix) => new()
    {
        Filter = new WatchFilter(KindsText.Read(options.Kinds), identityPrefix, options.Prefix, options.ObjectPrefix),
        AfterRevision = options.AfterRevision,
        WithState = !options.News,
    };

    private static async Task WatchAsync(MasterAccess master, WatchOptions options, bool asJson, CancellationToken cancellation)
    {
        await foreach (SessionEvent said in master.WatchAsync(options, cancellation).ConfigureAwait(false))
        {
            if (asJson)
            {
                WriteJson(said);
            }
            else if (said.Kind != SessionEventKind.Progress)
            {
                Console.WriteLine(Line(said));
            }
        }
    }

    private static string Line(SessionEvent said) => said.SessionId == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{said.Revision,19} {said.Kind.Name()}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{said.Revision,19} {said.Kind.Name(),-12} {said.SessionId:x16} {Printable.Of(said.Identity)}{Details(said)}");

    private static string Details(SessionEvent said) => said.Kind switch
    {
        SessionEventKind.Created or SessionEventKind.Changed =>
            $" ({Printable.Of(said.Description?.HostName ?? "")}, {said.Description?.ProcessId})" +
            $"{(said.Flags == 0 ? "" : $" {string.Join(',', said.Flags.Names())}")}{(said.Text.Length == 0 ? "" : $": {Printable.Of(said.Text)}")}",
        SessionEventKind.Ended => $" {said.EndReason.Name()}: {Printable.Of(said.Text)}",
        SessionEventKind.ItemSet => $" {Printable.Of(said.Item!.Key)} = {Text.OfValue(said.Item.Value.Span)}",
        SessionEventKind.ItemRemoved => $" {Printable.Of(said.Item!.Key)}",
        SessionEventKind.Assigned =>
            $" {AccessPointKinds.NameOf(said.AccessPointKind)} {Printable.Of(said.ObjectName)} at {Printable.Of(said.Endpoint)}",
        _ => $" {AccessPointKinds.NameOf(said.AccessPointKind)} {Printable.Of(said.ObjectName)}",
    };

    private static void WriteJson(SessionEvent said) => Text.WriteJsonLine(json =>
    {
        json.WriteString("event", said.Kind.Name());
        json.WriteNumber("revision", said.Revision);
        json.WriteNumber("master_epoch", said.MasterEpoch);
        if (said.SessionId == 0)
        {
            return;
        }

        json.WriteString("session_id", Notation.OfSession(said.SessionId));
        json.WriteNumber("epoch", said.Epoch);
        json.WriteString("identity", said.Identity);
        WriteDetails(json, said);
    });

    private static void WriteDetails(Utf8JsonWriter json, SessionEvent said)
    {
        switch (said.Kind)
        {
            case SessionEventKind.Created or SessionEventKind.Changed:
                json.WriteString("host_name", said.Description?.HostName);
                json.WriteNumber("process_id", said.Description?.ProcessId ?? 0);
                json.WriteNumber("capabilities", said.Description?.Capabilities ?? 0);
                json.WriteEndpoints(said.Description?.Endpoints ?? []);
                json.WriteNumber("term_ms", said.TermMs);
                json.WriteFlags(said.Flags);
                json.WriteString("text", said.Text);
                break;
            case SessionEventKind.Ended:
                json.WriteString("reason", said.EndReason.Name());
                json.WriteString("text", said.Text);
                break;
            case SessionEventKind.ItemSet:
                json.WriteString("key", said.Item!.Key);
                json.WriteNumber("item_revision", said.Item.Revision);
                json.WriteBase64String("value_base64", said.Item.Value.Span);
                break;
            case SessionEventKind.ItemRemoved:
                json.WriteString("key", said.Item!.Key);
                break;
            default:
                json.WriteString("kind", AccessPointKinds.NameOf(said.AccessPointKind));
                json.WriteString("object", said.ObjectName);
                json.WriteString("endpoint", said.Endpoint);
                break;
        }
    }
}
