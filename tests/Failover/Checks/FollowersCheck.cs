using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Failover.Load;

namespace Interop.Sessions.Failover.Checks;

/// <summary>A fail-over within the usable lease is invisible to the data path; no session is lost in any.</summary>
internal static class FollowersCheck
{
    internal static IEnumerable<string> Findings(RealFollowers followers, bool mayCostJeopardy)
    {
        if (!mayCostJeopardy && followers.Refusals > 0)
        {
            yield return $"data paths were refused in {followers.Refusals} moments";
        }

        string[] wrong = [.. followers.Heard.Where(
            heard => !mayCostJeopardy || heard.StartsWith("LOST", StringComparison.Ordinal))];
        if (wrong.Length > 0)
        {
            yield return $"hosts heard {string.Join(", ", wrong)}";
        }
    }
}
