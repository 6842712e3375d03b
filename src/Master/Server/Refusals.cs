using System;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http;

namespace Interop.Sessions.Master.Server;

/// <summary>A refusal as gRPC's "Trailers-Only" answer: one frame, before gRPC has looked at the request.</summary>
internal static class Refusals
{
    internal static void Write(HttpResponse response, SessionException refusal)
    {
        RpcException error = StatusOnTheWire.ToRpc(refusal);
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)error.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(error.Status.Detail);
        foreach (Metadata.Entry trailer in error.Trailers)
        {
            response.Headers[trailer.Key] = trailer.Value;
        }
    }
}
