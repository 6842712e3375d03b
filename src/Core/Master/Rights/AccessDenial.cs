namespace Interop.Sessions.Master;

/// <summary>Why a caller may not.</summary>
/// <param name="Status">Unauthenticated: no name was shown where one is needed. PermissionDenied: the name is not enough.</param>
/// <param name="Rule">The rule that came nearest, as its file has it, or what took its place.</param>
/// <param name="Message">For people, with all of that.</param>
public sealed record AccessDenial(SessionStatus Status, string Rule, string Message)
{
    /// <summary>The rule of a denial to which none comes near.</summary>
    public const string NoRule = "no rule";

    /// <summary>As an error.</summary>
    public SessionException ToException() => new(Status, Message);
}
