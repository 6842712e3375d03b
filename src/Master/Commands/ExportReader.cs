using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using Interop.Sessions.Master.Store.Records;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Commands;

/// <summary>Reads an export and refuses what no table could have been: every refusal names the line.</summary>
internal sealed class ExportReader
{
    private readonly List<StoreChange> _content = [];
    private StateRecord? _state;
    private SnapshotRules? _rules;
    private EndRecord? _end;
    private long _skipped;

    /// <exception cref="SessionException">InvalidArgument, naming the line.</exception>
    internal static (StateRecord State, List<StoreChange> Content) Read(Stream input, ILogger logger)
    {
        ExportReader reader = new();
        // Byte by byte: what is no UTF-8 is refused where it is read, and not replaced by what is another name.
        using StreamReader lines = new(input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        Stopwatch sinceSaid = Stopwatch.StartNew();
        long number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            reader.Take(line, $"line {number}");
            if (sinceSaid.ElapsedMilliseconds >= Limits.ProgressMs)
            {
                MasterLog.Importing(logger, number);
                sinceSaid.Restart();
            }
        }

        return reader._end == null
            ? throw Refusal($"line {number + 1}", "the export ends without its last record: it was cut off")
            : (reader._state!, reader._content);
    }

    private void Take(string line, string where)
    {
        if (_end != null)
        {
            throw Refusal(where, "something follows the last record");
        }

        StoredRecord record = Parse(line, where);
        switch (record)
        {
            case StateRecord when _state != null:
                throw Refusal(where, "a second state");
            case StateRecord state:
                _state = (state.StoreFormat.Refusal() ??
                    SnapshotRules.FaultOfState(state.MasterEpoch, state.Revision, state.LengthenedTermMs)) is { } refusal
                        ? throw Refusal(where, refusal)
                        : state;
                _rules = new SnapshotRules(state.Revision);
                break;
            case var _ when _state == null:
                throw Refusal(where, "an export begins with a record of kind state");
            case EndRecord end when end.Records == _content.Count + _skipped:
                _end = end;
                break;
            case EndRecord end:
                throw Refusal(where, $"the export had {end.Records} records, {_content.Count + _skipped} are there");
            case var _ when RecordText.ToPut(record, where) is { } put:
                Add(put, where);
                break;
            default:
                // The export's min_reader says that this release may do without.
                _skipped++;
                break;
        }
    }

    private static StoredRecord Parse(string line, string where)
    {
        try
        {
            return RecordText.Read(Encoding.Latin1.GetBytes(line), where);
        }
        catch (SessionException error)
        {
            throw new SessionException(SessionStatus.InvalidArgument, error.Message, error);
        }
    }

    private void Add(StoreChange put, string where)
    {
        if (_rules!.FaultOf(put) is { } fault)
        {
            throw Refusal(where, fault);
        }

        _content.Add(put);
    }

    private static SessionException Refusal(string where, string what) =>
        new(SessionStatus.InvalidArgument, $"{where}: {what}");
}
