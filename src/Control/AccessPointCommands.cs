using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>sessionctl where and access-points.</summary>
internal static class AccessPointCommands
{
    internal static Command MakeWhere(ControlFlags flags)
    {
        Argument<string> objectName = new("object") { Description = "Its name." };
        Command command = new("where", "Says which server answers for an object, by each kind; the question assigns nothing.") { objectName };
        flags.Give(
            command, [ControlSettings.Json],
            (master, options, parsed) => ListAsync(master, new ListAccessPointsRequest { Object = parsed.GetValue(objectName)! }, options.Json));
        return command;
    }

    internal static Command MakeAccessPoints(ControlFlags flags)
    {
        Command command = new(
            "access-points", "Lists the objects that are assigned to servers, server by server: kind, object, where it is reached, whose server.");
        flags.Give(
            command, [ControlSettings.ObjectPrefix, ControlSettings.Kind, ControlSettings.IdentityPrefix, ControlSettings.Json],
            (master, options, _) => ListAsync(
                master,
                new ListAccessPointsRequest
                {
                    ObjectPrefix = options.ObjectPrefix,
                    Kind = options.Kind,
                    IdentityPrefix = options.IdentityPrefix,
                },
                options.Json));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, ListAccessPointsRequest request, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine(Header);
        }

        bool isThere = false;
        await foreach (AccessPointRow row in master.ListAccessPointsAsync(request).ConfigureAwait(false))
        {
            isThere = true;
            if (asJson)
            {
                Text.WriteJsonLine(json => WriteJson(json, row));
            }
            else
            {
                Console.WriteLine(Line(row));
            }
        }

        if (!isThere && request.Object.Length > 0)
        {
            throw new SessionException(SessionStatus.NoAccessPoint, $"object '{request.Object}' is assigned to no server");
        }
    }

    internal static string Header { get; } = $"{"KIND",-10} OBJECT  ADDRESS  IDENTITY (SESSION, EPOCH)";

    internal static string Line(AccessPointRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{AccessPointKinds.NameOf((AccessPointKind)row.Kind),-10} {Printable.Of(row.Object)}  {Printable.Of(row.Endpoint)}  " +
        $"{Printable.Of(row.Identity)} ({Notation.OfSession(row.SessionId)}, {row.Epoch})");

    internal static void WriteJson(Utf8JsonWriter json, AccessPointRow row)
    {
        json.WriteString("kind", AccessPointKinds.NameOf((AccessPointKind)row.Kind));
        json.WriteString("object", row.Object);
        json.WriteString("address", row.Endpoint);
        json.WriteString("identity", row.Identity);
        json.WriteString("session_id", Notation.OfSession(row.SessionId));
        json.WriteNumber("epoch", row.Epoch);
        json.WriteNumber("revision", row.Revision);
    }
}
