using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.Reflection;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.AspNetCore.Http;

namespace Interop.Sessions.Master.Server;

/// <summary>What is known of a request by its path alone.</summary>
/// <param name="Class">Which bound it falls under.</param>
/// <param name="Message">What its messages are called.</param>
/// <param name="MostBytes">How large one may be.</param>
/// <param name="Service">Of which service it is; None: of health, or of none that is known.</param>
internal readonly record struct RequestKind(CallClass Class, string Message, int MostBytes, ServedServices Service)
{
    private static readonly RequestKind s_unknown = new(CallClass.Other, "the message", MessageBounds.Usual, ServedServices.None);

    private static readonly Dictionary<string, RequestKind> s_kinds = new[]
    {
        Protocol.V1.Sessions.Descriptor, Administration.Descriptor,
    }.SelectMany(service => service.Methods).ToDictionary(
        method => $"/{method.Service.FullName}/{method.Name}",
        method => new RequestKind(
            ClassOf(method), method.InputType.Name, MessageBounds.Of(method.InputType.ClrType),
            method.Service == Administration.Descriptor ? ServedServices.Administration : ServedServices.Sessions),
        StringComparer.Ordinal);

    internal static RequestKind Of(PathString path) => s_kinds.GetValueOrDefault(path.Value ?? "", s_unknown);

    private static CallClass ClassOf(MethodDescriptor method) => method.Name switch
    {
        nameof(SessionsService.KeepAlive) => CallClass.KeepAlive,
        nameof(SessionsService.Watch) => CallClass.Watch,
        nameof(SessionsService.CreateSession) or nameof(SessionsService.ReattachSession) => CallClass.Create,
        nameof(SessionsService.ListItems) or nameof(AdministrationService.ListSessions) or
            nameof(AdministrationService.ListSessionItems) or nameof(AdministrationService.ListEnds) or
            nameof(AdministrationService.ListDrains) or nameof(AdministrationService.ListAccessPoints) => CallClass.List,
        _ => CallClass.Other,
    };
}
