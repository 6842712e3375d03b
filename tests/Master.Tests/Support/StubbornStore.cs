using System;
using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>A real store on a disk that stalls or fails when the test says so.</summary>
internal sealed class StubbornStore(ISessionStore store) : ISessionStore
{
    private readonly ManualResetEventSlim _flows = new(initialState: true);
    private int _commits;

    /// <summary>What a commit of these changes fails with; null: it does not.</summary>
    internal Func<IReadOnlyList<StoreChange>, SessionException?> Failure { get; set; } = _ => null;

    internal int Commits => Volatile.Read(ref _commits);

    /// <summary>Is a commit waiting for the disk?</summary>
    internal bool IsStalled { get; private set; }

    internal void Stall() => _flows.Reset();

    internal void Flow() => _flows.Set();

    public StoreSnapshot Lead(LeadRequest request) => store.Lead(request);

    public void Commit(IReadOnlyList<StoreChange> changes, ulong revision)
    {
        StoreChange[] taken = [.. changes];
        IsStalled = !_flows.IsSet;
        _flows.Wait(Eventually.Patience);
        IsStalled = false;
        if (Failure(taken) is { } failure)
        {
            throw failure;
        }

        store.Commit(taken, revision);
        Interlocked.Increment(ref _commits);
    }

    public void Dispose()
    {
        store.Dispose();
        _flows.Dispose();
    }
}
