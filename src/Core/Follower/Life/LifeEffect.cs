namespace Interop.Sessions.Follower;

/// <summary>What a <see cref="SessionLife"/> gives out to be done, in order, with no lock held.</summary>
public abstract record LifeEffect
{
    private LifeEffect()
    {
    }

    /// <summary>
    /// Asks a master for the session, with one nonce until it is known what came of it; then <see cref="SessionLife.Granted"/> or
    /// <see cref="SessionLife.Failed"/>.
    /// </summary>
    public sealed record Ask(SessionWish Wish) : LifeEffect;

    /// <summary>No caller waits for the answer: the create fails as soon as it can, unless the session is granted already.</summary>
    public sealed record StopAsking(SessionWish Wish) : LifeEffect;

    /// <summary>
    /// It was granted, and nobody holds it: tells the master, when the effects of whoever held it before are over, then
    /// <see cref="SessionLife.GivenBack"/>.
    /// </summary>
    public sealed record ReturnUnheld(SessionWish Wish, SessionKey Key, long EffectsOverNs) : LifeEffect;

    /// <summary>Tells the master that a session has ended, when its effects are over.</summary>
    public sealed record GiveBack(SessionKey Key, long EffectsOverNs) : LifeEffect;

    /// <summary>For the log: the follower could not replace a lost session, and will try again.</summary>
    public sealed record NoteStillWithout(SessionException Failure) : LifeEffect;
}
