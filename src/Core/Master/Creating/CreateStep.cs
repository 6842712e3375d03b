namespace Interop.Sessions.Master;

/// <summary>What a <see cref="CreateFlow"/> waits for.</summary>
public enum CreateStep
{
    /// <summary>Whether the host leads, asked now: <see cref="CreateFlow.Goes"/>.</summary>
    CheckLeader,

    /// <summary>Whether the leadership may be acted on, and a look at its table: <see cref="CreateFlow.Look"/>.</summary>
    Look,

    /// <summary>Through the writer: what there is of its identity, or why it cannot be had: <see cref="CreateFlow.Find"/>.</summary>
    Find,

    /// <summary>SessionInitialize, in the leadership that was looked at: <see cref="CreateFlow.Amended"/>.</summary>
    Initialize,

    /// <summary>Through the writer of the leadership that there is by then: <see cref="CreateFlow.Store"/>.</summary>
    Store,

    /// <summary>SessionCreated, in the leadership that has stored it, unless the host has answered before: <see cref="CreateFlow.Granted"/>.</summary>
    Grant,

    /// <summary>Through the same writer: the session is closed, since no caller was told of it.</summary>
    Close,

    /// <summary>Through the same writer: the session is revoked, since a follower may hold it.</summary>
    Revoke,

    /// <summary>Nothing: it is answered with <see cref="CreateFlow.Answer"/>.</summary>
    Answer,

    /// <summary>Nothing: it is refused with <see cref="CreateFlow.Refusal"/>.</summary>
    Refuse,
}
