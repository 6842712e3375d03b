using System.Diagnostics;
using System.IO;
using Interop.Sessions.Master.Store.Records;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Commands;

/// <summary>Writes a snapshot as JSON lines: the state, the content, and an end that says how much there was.</summary>
internal static class ExportWriter
{
    internal static long Write(StoreSnapshot snapshot, Stream output, ILogger logger)
    {
        WriteLine(output, new StateRecord
        {
            MasterEpoch = snapshot.MasterEpoch,
            Revision = snapshot.Revision,
            LengthenedTermMs = snapshot.LengthenedTermMs,
            StoreFormat = snapshot.Format,
        });
        long written = 0;
        Stopwatch sinceSaid = Stopwatch.StartNew();
        foreach (StoreChange put in snapshot.Content)
        {
            WriteLine(output, RecordText.ToRecord(put));
            written++;
            if (sinceSaid.ElapsedMilliseconds >= Limits.ProgressMs)
            {
                MasterLog.Exporting(logger, written);
                sinceSaid.Restart();
            }
        }

        WriteLine(output, new EndRecord { Records = written });
        output.Flush();
        return written;
    }

    private static void WriteLine(Stream output, StoredRecord record)
    {
        output.Write(RecordText.Write(record));
        output.WriteByte((byte)'\n');
    }
}
