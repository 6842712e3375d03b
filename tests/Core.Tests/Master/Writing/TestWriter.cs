using System;
using System.Collections.Generic;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Core.Tests.Master.Writing;

/// <summary>A write path with a clock that the test sets, and a store whose every answer the test gives.</summary>
internal sealed class TestWriter : IWriteStanding
{
    private readonly TestTable _table = new(new SessionTableSettings { TermMs = TestTable.TermMs, MinTermMs = Limits.MinTermMs });
    private ulong _nonce = 1;

    internal TestWriter() => Path = new WritePath(_table.Table, this);

    internal WritePath Path { get; }

    internal SessionTable Table => _table.Table;

    internal long NowNs => _table.NowNs;

    public bool IsLost { get; set; }

    internal bool Acts { get; set; } = true;

    internal bool Expires { get; set; } = true;

    /// <summary>What a commit of these changes fails with; null: it does not.</summary>
    internal Func<IReadOnlyList<StoreChange>, SessionException?> Failure { get; set; } = _ => null;

    /// <summary>What is seen of the store; null: it is there.</summary>
    internal string? Blindness { get; set; }

    /// <summary>Each transaction that the store was asked for.</summary>
    internal List<IReadOnlyList<StoreChange>> Commits { get; } = [];

    /// <summary>What was carried out, in order.</summary>
    internal List<WriteEffect> Effects { get; } = [];

    public bool MayAct(long nowNs) => Acts;

    public bool MayExpire(long nowNs) => Expires;

    internal void Pass(long ms) => _table.Pass(ms);

    /// <summary>A create that waits.</summary>
    internal TestOperation Create(string identity, uint termMs = 0) =>
        new(table => table.Create(TestTable.Server(identity) with { TermMs = termMs }, _nonce++, NowNs), isRead: false);

    internal static TestOperation Count() => new(table => table.Count, isRead: true);

    /// <summary>A batch from beginning to end, as the store answers.</summary>
    internal void Run(params IReadOnlyList<TableOperation> batch) => Finish(Path.Take(batch, NowNs));

    /// <summary>Up to the moment at which the store is asked for a transaction.</summary>
    internal void RunToCommit(params IReadOnlyList<TableOperation> batch)
    {
        WriteStep step = Path.Take(batch, NowNs);
        while (step is WriteStep.Look or WriteStep.Again)
        {
            step = step == WriteStep.Look ? Path.Seen(Blindness, NowNs) : Path.GoOn(NowNs);
        }

        Xunit.Assert.Equal(WriteStep.Commit, step);
        CarryOut();
    }

    /// <summary>The transaction that is out is answered, and what follows is done.</summary>
    internal void StoreAnswers() => Finish(WriteStep.Commit);

    private void Finish(WriteStep step)
    {
        while (step != WriteStep.Wait)
        {
            CarryOut();
            step = step switch
            {
                WriteStep.Look => Path.Seen(Blindness, NowNs),
                WriteStep.Commit => Commit(),
                _ => Path.GoOn(NowNs),
            };
        }

        CarryOut();
    }

    private WriteStep Commit()
    {
        Commits.Add(Path.Changes);
        return Failure(Path.Changes) is { } failure ? Path.CommitFailed(failure, NowNs) : Path.Committed(NowNs);
    }

    internal void CarryOut()
    {
        foreach (WriteEffect effect in Path.TakeEffects())
        {
            Effects.Add(effect);
            if (effect is WriteEffect.Answer answer)
            {
                answer.Operation.Complete();
            }
            else if (effect is WriteEffect.Refuse refuse)
            {
                refuse.Operation.Fail(refuse.Failure);
            }
        }
    }
}

/// <summary>An operation that keeps how it was answered.</summary>
internal sealed class TestOperation(Func<SessionTable, object?> decide, bool isRead) : TableOperation(isRead)
{
    private object? _result;

    internal int Decisions { get; private set; }

    internal bool IsAnswered => Result != null || Failure != null;

    internal object? Result { get; private set; }

    internal SessionException? Failure { get; private set; }

    internal SessionKey Key => ((Session)Result!).Key;

    public override void Decide(SessionTable table)
    {
        Decisions++;
        _result = decide(table);
    }

    public override void Complete()
    {
        Xunit.Assert.False(IsAnswered, "answered twice");
        Result = _result;
    }

    public override void Fail(SessionException failure)
    {
        Xunit.Assert.False(IsAnswered, "answered twice");
        Failure = failure;
    }
}
