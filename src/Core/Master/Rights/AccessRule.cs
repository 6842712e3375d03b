namespace Interop.Sessions.Master;

/// <summary>One line of a file of rules.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Names">Whom it is for.</param>
/// <param name="Right">What it gives.</param>
/// <param name="Prefix">To which identities.</param>
public sealed record AccessRule(int Line, NamePattern Names, Right Right, IdentityPrefix Prefix)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"allow {Names} {Right.Word()}{(Right.HasPrefix() ? $" {Prefix}" : "")} (line {Line})";
}
