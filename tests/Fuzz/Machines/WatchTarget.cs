using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// A watch of a table under calls, batches that a store takes or not, streams that are lost and leaderships that follow each other: whoever
/// does as its events say has, whenever all is said, what the table has of what he watches.
/// </summary>
internal sealed class WatchTarget
{
    internal static FuzzTarget Target { get; } = new("watch", bytes => new WatchTarget(new ByteInput(bytes)).Run()) { MostBytes = 500 };

    private readonly ByteInput _input;
    private readonly SessionTableSettings _settings;
    private readonly StoreModel _store = new();
    private readonly TableTarget.Ids _ids = new();
    private readonly WatchRun _run;
    private readonly WatchFilter _filter;
    private readonly WatchedPicture _picture = new();
    private SessionTable _table;
    private SessionWatch? _stream;
    private ulong _masterEpoch = 1;
    private long _nowNs = 1_000 * Ns.PerSecond;

    private WatchTarget(ByteInput input)
    {
        _input = input;
        _filter = new WatchFilter(
            (WatchKinds)input.Of(7u, 1u, 2u, 4u, 6u), input.Of("", "s", "s1"), input.Of("", "k1"), input.Of("", "o1"));
        _run = new WatchRun(new WatchOptions { Filter = _filter });
        _settings = TableCalls.Settings(input) with { MaxWatchChanges = input.Of(1, 3, 1000) };
        _table = new SessionTable(_settings, _store.Snapshot(_masterEpoch, 100), _ids.Next, _nowNs);
    }

    private void Run()
    {
        TableCalls calls = new(_input);
        while (!_input.IsOver)
        {
            _nowNs += _input.PassingNs();
            switch (_input.Below(14))
            {
                case 0 or 1 or 2:
                    Commit();
                    break;
                case 3:
                    _table.Undo();
                    break;
                case 4:
                    _table.Expire(_nowNs, 1 + _input.Below(4));
                    break;
                case 5 when _table.Changes.Count == 0:
                    StoreSnapshot stored = _store.Snapshot(++_masterEpoch, _table.Revision, gap: _input.Of(0ul, 1ul, 1000ul));
                    _table = new SessionTable(_settings, stored, _ids.Next, _nowNs);
                    _stream = null;
                    break;
                case 6:
                    _stream = null;
                    break;
                case 7 or 8:
                    Read();
                    break;
                default:
                    calls.Call(_table, _nowNs);
                    break;
            }
        }

        Finish();
    }

    private void Commit()
    {
        _store.Commit(_table.Changes);
        _table.Accept();
        _table.EndsAreTold();
    }

    private void Read()
    {
        _stream ??= new SessionWatch(_filter, _masterEpoch, _run.After, _run.WithState);
        if (_stream is { HasRows: false, StateFrom: { } from })
        {
            // Where something is being committed, a master waits.
            if (!_table.IsWhole)
            {
                return;
            }

            _stream.Take(_table.ReadState(_filter, from, 1 + _input.Below(3)));
        }

        if (_stream.IsInState)
        {
            Tell(_stream.TakeRows());
            return;
        }

        try
        {
            Tell(_stream.Say(_table.ReadChanges(_stream.After)));
        }
        catch (SessionException failure)
        {
            Expect.That(_run.GoesOnAfter(failure), $"a watch ends with {failure.Message}");
            _stream = null;
        }
    }

    private void Tell(WatchPage page)
    {
        Expect.That(page.Events.All(IsWanted), "what nobody wants to hear is said");
        foreach (SessionEvent told in _run.Take(page.Events, page.Revision, _masterEpoch))
        {
            _picture.Take(told);
        }

        if (page is { IsAll: true, Revision: > 0 } && _table.IsWhole)
        {
            Expect.Same(WatchedPicture.Of(_table, _filter), _picture.Text, "what is watched");
        }
    }

    private bool IsWanted(SessionEvent said) => said.Kind >= SessionEventKind.Progress || _filter.Wants(said);

    // Whatever has happened: all is said in the end.
    private void Finish()
    {
        _table.Undo();
        for (int pages = 0; pages < 10_000; pages++)
        {
            Read();
            if (_stream is { IsInState: false } && _run.After >= _table.DurableRevision)
            {
                return;
            }
        }

        throw new FindingException("a watch never comes to an end");
    }
}
