using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <content>
/// Carries out what the <see cref="RenewalBook"/> says. A stream is opened by its first message, which waits for the dial. Its
/// messages may be lost, late and doubled like all others, which is worse than TCP; that a master was restarted is heard, or not.
/// </content>
internal sealed partial class FollowerProcess
{
    private static readonly SessionException s_gone = new(SessionStatus.NoMaster, "the master is gone");

    private readonly Dictionary<RenewalLine, Stream> _streams = [];
    private RenewalBook _book = new();
    private int _wakes;

    /// <summary>Which message is being handed over; null: none, and the sender may go on.</summary>
    private RenewalBatch? _writing;

    /// <summary>A follower asks; the sender is another thread, which may take its time.</summary>
    internal void Renew(PendingRenewal renewal)
    {
        _book.Ask(renewal);
        AfterLocal(_random.Chance(100) ? _random.Between(0, 150 * World.Ms) : _random.Between(0, World.Ms), Pump);
    }

    private void Pump() => WhenCollected(() =>
    {
        while (_writing == null && CarryOut(_book.Next(NowNs)))
        {
        }
    });

    /// <summary>False: there is nothing more to do for now.</summary>
    private bool CarryOut(RenewalStep step)
    {
        switch (step.Kind)
        {
            case RenewalStepKind.Wait:
                WakeAt(step.UntilNs);
                return false;
            case RenewalStepKind.Turn:
                MasterProcess master = Master;
                RenewalLine line = _book.TurnTo(master.Name, out bool isNew);
                if (isNew)
                {
                    _streams.Add(line, new Stream(master, isSilent: _random.Chance(300)));
                }

                return true;
            case RenewalStepKind.Send:
                Send(step.Line!, step.Batch!);
                return true;
            case RenewalStepKind.Lead:
                _endpoints.Answered(step.Line!.Address);
                return true;
            case RenewalStepKind.Leave:
                Leave(step.Line!, step.Report!);
                return true;
            default:
                _streams.Remove(step.Line!);
                return true;
        }
    }

    private void WakeAt(long untilNs)
    {
        int wake = ++_wakes;
        if (untilNs != long.MaxValue)
        {
            AtLocal(untilNs, () =>
            {
                if (wake == _wakes)
                {
                    Pump();
                }
            });
        }
    }

    private void Leave(RenewalLine line, LineReport report)
    {
        World.Note($"{Name} leaves {line.Address}: {report.End}");
        World.Witness.Left(report.End);
        NextMaster next = _endpoints.RenewalsFailed(line.Address, report.Failure.Status, report.Failure.LeaderHint, NowNs);
        _book.MovedOn(report, next, NowNs, _random.Below(1000) / 1000.0);
    }

    private void Send(RenewalLine line, RenewalBatch batch)
    {
        World.Witness.Sent(this, batch, NowNs);
        _writing = batch;
        Stream stream = _streams[line];
        if (stream.Run == 0)
        {
            AfterLocal(batch.WriteWithinMs * World.Ms, () => WhenCollected(() => HandedOver(batch, line.Stuck)));
            Dial(line, stream, batch);
        }
        else
        {
            Write(line, stream, batch);
        }
    }

    /// <summary>A kernel accepts, of a stopped master too. Where nothing listens it refuses, or there is nobody to do so.</summary>
    private void Dial(RenewalLine line, Stream stream, RenewalBatch batch)
    {
        MasterProcess master = stream.Master;
        int run = master.Run;
        if (!World.Network.IsCut(this, master) && (master.IsUp || _random.Chance(700)))
        {
            Action arrives = master.IsUp ? () => Dialled(line, stream, run, batch) : () => HandedOver(batch, () => line.Broke(s_gone));
            World.Network.Send(master, this, () => WhenCollected(arrives));
        }
    }

    private void Dialled(RenewalLine line, Stream stream, int run, RenewalBatch batch)
    {
        if (_writing == batch)
        {
            stream.Run = run;
            Write(line, stream, batch);
            Pump();
        }
    }

    /// <summary>The sender waits no more for a message: it is out, or will not be.</summary>
    private void HandedOver(RenewalBatch batch, Action how)
    {
        if (_writing == batch)
        {
            _writing = null;
            how();
            Pump();
        }
    }

    /// <summary>Where the network is slow, the master may have a message before its sender hears that it is handed over.</summary>
    private void Write(RenewalLine line, Stream stream, RenewalBatch batch)
    {
        MasterProcess master = stream.Master;
        if (master.IsUp && master.Run == stream.Run)
        {
            World.Network.Send(this, master, () => master.KeepAlive(
                this, batch.Renewals, (answers, named) => WhenCollected(() => Answered(line, batch.Id, [.. answers], named))));
        }
        else if (!stream.IsSilent)
        {
            World.Network.Send(master, this, () => WhenCollected(() =>
            {
                line.Broke(s_gone);
                Pump();
            }));
        }

        if (World.Network.LatePerMille > 0 && _random.Chance(400))
        {
            long tookNs = _random.Between(0, 300 * World.Ms);
            Action how = tookNs > batch.WriteWithinMs * World.Ms ? line.Stuck : () => batch.Written(NowNs);
            AfterLocal(tookNs, () => WhenCollected(() => HandedOver(batch, how)));
        }
        else
        {
            _writing = null;
            batch.Written(NowNs);
        }
    }

    private void Answered(RenewalLine line, ulong batchId, List<RenewalAnswer> answers, string? named)
    {
        TakenReply taken = _book.Reply(line, batchId, answers, named, NowNs);
        foreach (RenewalAnswer answer in answers)
        {
            Followers.FirstOrDefault(follower => follower.Holds(answer.Key.SessionId))?.Take(answer, taken.SentNs);
        }

        if (taken.RenewedUntilNs is { } untilNs)
        {
            _endpoints.Renewed(line.Address, untilNs);
        }

        if (taken.IsNews)
        {
            Pump();
        }
    }

    private void ForgetStreams()
    {
        _book = new RenewalBook();
        _streams.Clear();
        _writing = null;
    }

    private sealed class Stream(MasterProcess master, bool isSilent)
    {
        internal MasterProcess Master => master;

        /// <summary>Nobody tells of its end, when that master is gone.</summary>
        internal bool IsSilent => isSilent;

        /// <summary>The start of the master that it leads to; 0: it is not dialled yet.</summary>
        internal int Run { get; set; }
    }
}
