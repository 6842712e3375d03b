namespace Interop.Sessions.Master;

/// <summary>What a host's <see cref="SessionMasterOptions.Authorize"/> is asked.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Right">For what.</param>
/// <param name="Identity">Of which identity; of a list: of those that begin so. Null: it is about none.</param>
public sealed record AccessRequest(Caller Caller, Right Right, string? Identity);
