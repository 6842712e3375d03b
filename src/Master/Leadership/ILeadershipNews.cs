using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Leadership;

/// <summary>
/// A listener that hears of each leadership of this master, on the thread that begins and ends them; it must not wait for
/// anything.
/// </summary>
internal interface ILeadershipNews
{
    /// <summary>Before anything is done in it.</summary>
    void Begins(Tenure tenure);

    /// <summary>When the master answers in it.</summary>
    void Began(Tenure tenure);

    /// <summary>Called when nothing more is done in the leadership; once for each that <see cref="Begins"/> was told of.</summary>
    /// <param name="tenure">Which.</param>
    /// <param name="reason">Why, for people.</param>
    void Ended(Tenure tenure, string reason);
}
