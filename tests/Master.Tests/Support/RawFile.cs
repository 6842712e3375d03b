using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>A store's file in the hands of somebody who knows SQL.</summary>
internal static class RawFile
{
    internal static void Execute(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
