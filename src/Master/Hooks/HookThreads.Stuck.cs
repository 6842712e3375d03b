using System;
using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Master.Hooks;

/// <content>Calls that wait behind hooks which hang are looked for now and then: no hook returns that would bring anybody by.</content>
internal sealed partial class HookThreads
{
    private readonly Lock _lookingForStuck = new();
    private ITimer? _stuckLook;

    private void BeginLooks()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(Limits.StuckLookMs);
        _stuckLook = _time.CreateTimer(_ => RefuseStuck(), null, pause, pause);
    }

    private void RefuseStuck()
    {
        // What was dropped is read until the next look.
        lock (_lookingForStuck)
        {
            IReadOnlyCollection<Hook<HookWork>> dropped;
            SessionException refusal;
            lock (_gate)
            {
                long nowNs = _time.NowNs;
                dropped = _queue.DropStuck(nowNs);
                if (dropped.Count == 0)
                {
                    return;
                }

                refusal = _queue.RefusalOfStuck(nowNs);
            }

            FailAll(dropped, () => SessionException.Overloaded(refusal.Message, refusal.RetryAfterMs));
        }
    }
}
