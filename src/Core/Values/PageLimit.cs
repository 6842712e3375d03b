namespace Interop.Sessions;

/// <summary>How many rows of a list may be asked for at a time.</summary>
internal static class PageLimit
{
    /// <summary>Not more than there may be.</summary>
    /// <exception cref="SessionException">InvalidArgument.</exception>
    internal static void Require(uint limit, uint most)
    {
        if (limit > most)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"limit is {limit}; the limit of it is {most}");
        }
    }
}
