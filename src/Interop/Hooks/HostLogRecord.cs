using System.Collections.Generic;
using Interop.Sessions.Boundary;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Hooks;

/// <summary>One log record on its way to the host.</summary>
internal sealed unsafe class HostLogRecord(
    LogLevel level, int eventId, string category, string message, List<KeyValuePair<string, string>> fields)
{
    private readonly long _timeNs = BootClock.NowNs;

    /// <summary>Calls the host with a C view of the record that lives as long as the call.</summary>
    internal void Pass(delegate* unmanaged[Cdecl]<void*, interop_sessions_log_record*, void> callback, void* userData)
    {
        OutBlock block = new(Measure());
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_log_field* target = block.Structs<interop_sessions_log_field>(fields.Count);
        for (int i = 0; i < fields.Count; i++)
        {
            target[i].name = block.Text(fields[i].Key);
            target[i].value = block.Text(fields[i].Value);
        }

        interop_sessions_log_record record = new()
        {
            struct_size = (uint)sizeof(interop_sessions_log_record),
            level = (interop_sessions_log_level)level,
            event_id = eventId,
            field_count = (uint)fields.Count,
            category = block.Text(category),
            message = block.Text(message),
            first_field = target,
            time_ns = _timeNs,
            field_size = (uint)sizeof(interop_sessions_log_field),
        };
        callback(userData, &record);
    }

    private nuint Measure()
    {
        nuint size = OutBlock.SizeOf(category) + OutBlock.SizeOf(message) +
            ((nuint)fields.Count * (nuint)sizeof(interop_sessions_log_field));
        foreach ((string name, string value) in fields)
        {
            size += OutBlock.SizeOf(name) + OutBlock.SizeOf(value);
        }

        return size;
    }
}
