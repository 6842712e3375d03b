using System;
using System.IO;
using System.Text.Json;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>What is kept of a row that makes no sense: enough to put it back by hand.</summary>
internal static class FaultLine
{
    internal static byte[] Of(StoredRow row, string fault) => Write(writer =>
    {
        writer.WriteString("table", row.Table.Name);
        writer.WriteString("fault", fault);
        writer.WriteStartObject("columns");
        for (int i = 0; i < row.Values.Length; i++)
        {
            WriteColumn(writer, row.Table.Columns[i], row.Values[i]);
        }

        writer.WriteEndObject();
    });

    internal static byte[] Of(string key, ReadOnlyMemory<byte> value, string fault) => Write(writer =>
    {
        writer.WriteString("key", key);
        writer.WriteString("fault", fault);
        writer.WriteBase64String("value", value.Span);
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return line.ToArray();
    }

    private static void WriteColumn(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case long number:
                writer.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case byte[] blob:
                writer.WriteBase64String(name, blob);
                break;
            default:
                writer.WriteNull(name);
                break;
        }
    }
}
