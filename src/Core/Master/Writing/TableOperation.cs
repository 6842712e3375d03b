namespace Interop.Sessions.Master;

/// <summary>
/// One call's work on the table, on its way through the <see cref="WritePath"/>. The derived class says how its caller is
/// answered.
/// </summary>
/// <param name="isRead">Does it only look?</param>
public abstract class TableOperation(bool isRead)
{
    /// <summary>Does it only look? Then it runs after the commit, and sees nothing that is not durable.</summary>
    public bool IsRead => isRead;

    /// <summary>Is it answered, or about to be?</summary>
    internal bool IsSettled { get; set; }

    /// <summary>
    /// Runs on the table; a refusal is kept for <see cref="Complete"/>. The operation runs again where a batch failed and each
    /// operation is tried alone.
    /// </summary>
    public abstract void Decide(SessionTable table);

    /// <summary>Answers the caller: the result or the refusal.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller: the operation was not done, or its outcome is unknown.</summary>
    public abstract void Fail(SessionException failure);
}
