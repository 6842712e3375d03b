using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// Somebody who watches, with the product's <see cref="WatchRun"/> over the product's <see cref="SessionWatch"/>: reads from whichever
/// master leads, loses the stream now and then, and goes on after what was said, at the same master or at another.
/// </summary>
internal sealed class SimWatcher(World world, string name, SimRandom random)
{
    /// <summary>So few that all that there is takes several pages, and changes come between them.</summary>
    private const int RowsOfPage = 2;

    private readonly WatchRun _run = new(new WatchOptions());
    private readonly WatchedMirror _mirror = new();

    /// <summary>The stream that is open, and where; null: none is.</summary>
    private (MasterProcess Master, int Leadership, SessionWatch Watch)? _stream;

    /// <summary>What was said last; null: nothing to go on after.</summary>
    private StoredChange? _last;

    internal string Name => name;

    internal void Begin() => world.Agenda.After(random.Between(20, random.Chance(50) ? 4000 : 200) * World.Ms, () =>
    {
        Look();
        Begin();
    });

    private void Look()
    {
        if (_stream is { } open && (random.Chance(50) || open.Master.Watchable != open.Leadership))
        {
            _stream = null;
        }

        if (_stream == null)
        {
            Open();
        }

        for (int pages = random.Below(4); pages > 0 && _stream is { } stream; pages--)
        {
            Read(stream.Master, stream.Watch);
        }
    }

    private void Open()
    {
        MasterProcess master = world.Masters[random.Below(world.Masters.Count)];
        if (master.Watchable is { } leadership)
        {
            world.Note($"{name} watches {master.Name} after {_run.After ?? 0}");
            world.Witness.Counts.Resumed += _run.After == null ? 0 : 1;
            _stream = (master, leadership, new SessionWatch(new WatchFilter(), master.MasterEpoch, _run.After, _run.WithState));
        }
    }

    private void Read(MasterProcess master, SessionWatch watch)
    {
        if (watch is { HasRows: false, StateFrom: { } from })
        {
            WatchState? state = master.ReadWatched(table => table.IsWhole ? table.ReadState(watch.Filter, from, RowsOfPage) : null);
            if (state == null)
            {
                return;
            }

            _last = from.SessionId == 0 ? world.Store.LastChange : _last;
            watch.Take(state);
        }

        if (watch.IsInState)
        {
            Tell(watch.TakeRows(), master.MasterEpoch);
            return;
        }

        WatchPage page;
        bool isWhole;
        try
        {
            (page, isWhole) = master.ReadWatched(table => (watch.Say(table.ReadChanges(watch.After)), table.IsWhole));
        }
        catch (SessionException failure)
        {
            if (!_run.GoesOnAfter(failure))
            {
                throw world.Witness.Failure($"{name} is told {failure.Message}");
            }

            world.Note($"{name} has missed something");
            world.Witness.Counts.Compacted++;
            _stream = null;
            return;
        }

        _last = world.Witness.WatchSays(this, _last!, page.Events);
        Tell(page, master.MasterEpoch);
        if (page is { IsAll: true, Revision: > 0 } && isWhole && (page.Events.Count > 0 || random.Chance(50)))
        {
            world.Witness.KnowsAll(this, _last, _mirror);
        }
    }

    private void Tell(WatchPage page, ulong masterEpoch)
    {
        foreach (SessionEvent told in _run.Take(page.Events, page.Revision, masterEpoch))
        {
            _mirror.Take(told);
        }
    }
}
