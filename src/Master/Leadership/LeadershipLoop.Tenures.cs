using System;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Leadership;

/// <content>The beginning and the end of a tenure.</content>
internal sealed partial class LeadershipLoop
{
    private void Campaign()
    {
        if (!_leadership.TryWin())
        {
            return;
        }

        Tenure? tenure = null;
        bool isKnown = false;
        try
        {
            tenure = _begin(_leadership.GivenEpoch);
            tenure.Look();
            int interruptions = BeginLeasesAnew(tenure);
            _news.Begins(tenure);
            isKnown = true;
            _interruptionsSeen = interruptions;
            _tenure = tenure;
            _steps.Began(interruptions);
            _news.Began(tenure);
            MasterLog.Leads(_logger, tenure.MasterEpoch, tenure.Count);
        }
        catch (Exception failure)
        {
            _tenure = null;
            _steps.Ended();
            LetGo(tenure, isKnown, failure.Message);
            if (failure is SessionException)
            {
                throw;
            }

            throw new SessionException(
                SessionStatus.StoreFailed, $"what is stored cannot be loaded: {failure.GetType().Name}: {failure.Message}", failure);
        }
    }

    /// <summary>The interruptions up to then: what comes meanwhile is another.</summary>
    private int BeginLeasesAnew(Tenure tenure)
    {
        int seen = Interruptions;
        tenure.ExtendAll(_time.NowNs + _leadership.PredecessorNs);
        return seen;
    }

    private void EndTenure(string reason)
    {
        if (_tenure is not { } tenure)
        {
            return;
        }

        _tenure = null;
        _steps.Ended();
        LetGo(tenure, isKnown: true, reason);
        MasterLog.LeadershipEnded(_logger, tenure.MasterEpoch, reason);
    }

    // Each step is done whatever becomes of those before: a lease that is not given up would be prolonged forever, by a master that
    // does not act, and who never hears of the end waits for it. Nor does it need memory before the first.
    private void LetGo(Tenure? tenure, bool isKnown, string reason)
    {
        try
        {
            // Before its store is let go another master cannot have it.
            tenure?.Dispose();
        }
        finally
        {
            try
            {
                if (isKnown)
                {
                    _news.Ended(tenure!, reason);
                }
            }
            finally
            {
                _leadership.GiveUp();
            }
        }
    }
}
