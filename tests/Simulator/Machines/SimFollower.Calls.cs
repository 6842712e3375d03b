using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <content>
/// Calls to whichever master leads, by the product's <see cref="CallAsk"/>: what MasterCalls does with sockets. Copies of an attempt
/// may be late by seconds, and be carried out after another was answered.
/// </content>
internal sealed partial class SimFollower
{
    /// <summary>Makes a call, and goes on until it is answered or given up.</summary>
    /// <param name="kind">What it would mean to make it again.</param>
    /// <param name="timeoutMs">For all attempts together.</param>
    /// <param name="make">An attempt reaches a master, which replies.</param>
    /// <param name="ends">With the answer, or with what the caller is told of the failure.</param>
    private SimCall<T> Call<T>(CallKind kind, uint timeoutMs, MakeCall<T> make, Action<T?, SessionException?> ends)
    {
        SimCall<T> call = new(new CallAsk(kind, timeoutMs, NowNs), make, ends);
        Attempt(call);
        return call;
    }

    private void Attempt<T>(SimCall<T> call)
    {
        int number = ++call.Attempt;
        long sentNs = NowNs;
        MasterProcess master = call.Ask.StayAt is { } name ? _process.MasterOf(name) : _process.Master;
        int masterRun = master.Run;
        int copies = World.Network.Send(_process, master, () => call.Make(master, (reply, failure) => _process.WhenCollected(() =>
        {
            if (call.Attempt != number)
            {
                return;
            }

            if (failure == null)
            {
                call.Attempt++;
                _process.NoteAnswer(master);
                call.Ends(reply, null);
            }
            else
            {
                Failed(call, master, failure, sentNs);
            }
        })));
        call.HasCopies |= copies > 1;
        AtLocal(Math.Min(call.Ask.DeadlineNs, sentNs + AttemptNs), Silent);

        void Silent() => _process.WhenCollected(() =>
        {
            if (call.Attempt != number)
            {
                return;
            }

            if (NowNs >= call.Ask.DeadlineNs)
            {
                Failed(call, master, Silence(), sentNs);
            }
            else if (World.Network.IsClear(_process, master) && master.Run == masterRun && master.IsUp && !master.IsPaused && _random.Chance(700))
            {
                // Its connection is well, so there is nothing to hear but the answer.
                AtLocal(Math.Min(call.Ask.DeadlineNs, NowNs + AttemptNs), Silent);
            }
            else
            {
                Failed(call, master, Broken(), sentNs);
            }
        });
    }

    private void Failed<T>(SimCall<T> call, MasterProcess master, SessionException came, long sentNs)
    {
        call.Attempt++;
        SessionException failure = call.Ask.Explain(came, new EndedAttempt(master.Name, sentNs, NowNs));
        NextMaster next = call.Ask.IsCutShort(failure) ? default : _process.NoteFailure(master, failure);
        Repeat repeat = call.Ask.Failed(failure, master.Name, next, NowNs, Random01);
        if (call.Ask.End is { } end)
        {
            call.Ends(default, end);
        }
        else
        {
            AfterLocal(repeat.PauseMs * World.Ms, () => Attempt(call));
        }
    }

    /// <summary>Its connection was given up under a call: what gRPC says of that.</summary>
    private static SessionException Broken() => new(SessionStatus.Cancelled, "") { IsOutcomeUnknown = true };

    private delegate void MakeCall<T>(MasterProcess master, Action<T?, SessionException?> reply);

    private sealed class SimCall<T>(CallAsk ask, MakeCall<T> make, Action<T?, SessionException?> ends)
    {
        internal CallAsk Ask => ask;

        internal MakeCall<T> Make => make;

        internal Action<T?, SessionException?> Ends => ends;

        /// <summary>Which attempt is out; another number: it is over.</summary>
        internal int Attempt { get; set; }

        /// <summary>The network has doubled one of its attempts: what is known of an attempt is not known of its copy.</summary>
        internal bool HasCopies { get; set; }
    }
}
