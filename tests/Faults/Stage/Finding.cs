using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Faults.Stage;

/// <summary>What a scenario showed, and everything in it that should have been otherwise.</summary>
internal sealed record Finding(
    Scenario Scenario,
    string History,
    IReadOnlyList<Measurement> Measurements,
    long? MarginMs,
    IReadOnlyList<string> Broken)
{
    internal bool Passed => Broken.Count == 0;

    /// <summary>Judges a scenario that was played to its end, or until something did not come.</summary>
    internal static Finding Of(Scenario scenario, Play play, string? brokeOff)
    {
        string history = play.Holders.Count > 0 ? play.Holders[0].History : "";
        List<string> broken = [];
        if (brokeOff != null)
        {
            broken.Add(brokeOff);
        }
        else if (!scenario.Histories.Contains(history))
        {
            broken.Add($"the holder was '{history}'");
        }

        broken.AddRange(play.Measurements.Where(each => !each.Holds).Select(each => $"out of bounds: {each}"));
        broken.AddRange(play.Holders.SelectMany(OutOfOrder));
        long[] marginsMs = [.. MarginsMs(play)];
        bool keptP1 = marginsMs.All(margin => margin >= 0);
        if (!keptP1 && !scenario.BreaksTheClockBound)
        {
            broken.Add("P1: a yes after the end");
        }
        else if (keptP1 && scenario.BreaksTheClockBound && brokeOff == null)
        {
            broken.Add("P1 held although the clock broke its bound: its check is blind");
        }

        return new Finding(scenario, history, play.Measurements, marginsMs.Length == 0 ? null : marginsMs.Min(), broken);
    }

    /// <summary>Of each session that ended: from the lease word's last yes to the end at the master.</summary>
    private static IEnumerable<long> MarginsMs(Play play) =>
        from holder in play.Holders
        from served in holder.Sessions
        from end in play.Master?.Ends ?? []
        where end.Epoch == served.Epoch && served.LastYesNs != 0
        select (long)Math.Floor((end.AtNs - served.LastYesNs) / 1e6);

    /// <summary>LOST exactly once, nothing of a session after it, and each next session under a higher epoch.</summary>
    private static IEnumerable<string> OutOfOrder(Holder holder)
    {
        ulong highest = 0;
        bool isLost = true;
        foreach (Moment moment in holder.Moments)
        {
            bool isNext = moment.Epoch > highest;
            if (moment.Epoch < highest || isNext != isLost)
            {
                yield return $"{moment.State} of epoch {moment.Epoch} out of order in '{holder.History}'";
            }

            highest = moment.Epoch;
            isLost = moment.State.StartsWith("LOST", StringComparison.Ordinal);
        }
    }
}
